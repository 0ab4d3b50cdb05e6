interface Lines {
  readonly kind: 'paragraph' | 'list' | 'details';
  readonly lines: readonly string[];
}

/** A part of an e-mail. */
export type Block = Lines | { readonly kind: 'action'; readonly label: string; readonly href: string };

const signs = { list: '- ', details: '> ' } as const;
const action = /^\[([^\]]+)\]\((\S*)\)$/;

function kindOf(line: string): Lines['kind'] {
  if (line.startsWith(signs.list)) return 'list';
  return line.startsWith(signs.details) ? 'details' : 'paragraph';
}

const bare = (line: string, kind: Lines['kind']) => (kind === 'paragraph' ? line : line.slice(signs[kind].length).trim());

/**
 * Reads what an e-mail says into its parts. Lines that begin with "- " are a list, with "> " the details of a visit (its
 * first line the most important); a line `[words](address)` is the one thing to do, and is left out without an address;
 * everything else is a paragraph. An empty line ends a part.
 */
export function blocksOf(written: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { readonly kind: Lines['kind']; readonly lines: string[] } | undefined;
  for (const line of written.split(/\r?\n/).map((each) => each.trim())) {
    const [, label, href] = action.exec(line) ?? [];
    if (line === '' || label !== undefined) {
      if (label !== undefined && href !== undefined && href !== '') blocks.push({ kind: 'action', label, href });
      open = undefined;
      continue;
    }
    const kind = kindOf(line);
    if (open === undefined || open.kind !== kind) {
      open = { kind, lines: [] };
      blocks.push(open);
    }
    open.lines.push(bare(line, kind));
  }
  return blocks;
}

function plain(block: Block): string {
  if (block.kind === 'action') return block.href.startsWith('tel:') ? block.label : `${block.label}: ${block.href}`;
  return block.lines.map((line) => (block.kind === 'list' ? `- ${line}` : line)).join('\n');
}

/** The same parts for those who read mail as text. */
export const plainText = (blocks: readonly Block[]): string => blocks.map(plain).join('\n\n');
