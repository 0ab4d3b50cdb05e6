import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core';

const glow: MantineColorsTuple = ['#fff1eb', '#fde0d4', '#f9c2ab', '#f4a182', '#ee835f', '#e56a47', '#cf5334', '#b0432a', '#8e3622', '#6d2a1b'];
const warm: MantineColorsTuple = ['#faf7f4', '#f3eee9', '#e6ded6', '#d6cbc1', '#b5a89d', '#8d8177', '#6b615a', '#514842', '#3b342f', '#2c2622'];
const night: MantineColorsTuple = ['#f3ece6', '#ddd2c9', '#c2b6ac', '#968a80', '#5c524b', '#453d37', '#332d28', '#211d1a', '#1a1714', '#141110'];

/** Warm greys carry the page; one accent marks where you are and what to do next. */
export const theme = createTheme({
  black: '#2c2622',
  white: '#fffdfb',
  primaryColor: 'glow',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  // By itself the contrast is reckoned for the light shade alone; the dark one is pale and wants dark letters.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    return input.variant === 'filled' && input.color === 'glow' ? { ...colors, color: 'var(--mantine-primary-color-contrast)' } : colors;
  },
  colors: { glow, gray: warm, dark: night },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  defaultRadius: 'md',
  respectReducedMotion: true,
});
