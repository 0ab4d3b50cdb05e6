import { type Page, type Patient, query } from '../api.js';
import { useAnswer } from '../data.js';
import { Answer } from '../parts/answer.js';
import { useAsked } from '../parts/route.js';

export function Patients() {
  const asked = useAsked('query');
  const patients = useAnswer<Page<Patient>>('patient', `patients?${query({ query: asked, limit: 200 })}`);
  return (
    <>
      <h1>Patients</h1>
      <p>
        <a className="go" href="#/consultations">
          New consultation
        </a>
      </p>
      {asked === '' ? null : <p className="soft">Found for “{asked}”</p>}
      <Answer
        of={patients}
        empty={({ items }) => (items.length === 0 ? 'Nobody found. Try a part of the name, the phone number or the e-mail address.' : null)}
      >
        {({ items }) => (
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Born</th>
                <th scope="col">Phone</th>
                <th scope="col">E-mail</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ id, givenName, familyName, birthDate, phone, email }) => (
                <tr key={id}>
                  <td data-label="Name">
                    <a href={`#/patients/${encodeURIComponent(id)}`}>{`${givenName ?? ''} ${familyName ?? ''}`.trim() || id}</a>
                  </td>
                  <td data-label="Born">{birthDate}</td>
                  <td data-label="Phone">{phone}</td>
                  <td data-label="E-mail">{email}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
    </>
  );
}
