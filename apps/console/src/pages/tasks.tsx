import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type Page, query, type Task } from '../api.js';
import { useAnswer, useDesk } from '../data.js';
import { Answer, Trouble } from '../parts/answer.js';
import { useCommand } from '../parts/command.js';
import { Person } from '../parts/person.js';
import { When } from '../parts/when.js';
import { UrgencySign } from '../signs.js';
import { plain, sentence } from '../words.js';

function Todo({ task }: { task: Task }) {
  const command = useCommand('task');
  const { staffName } = useDesk();
  const does = (verb: 'acknowledge' | 'complete') => () => command.mutate({ path: `tasks/${encodeURIComponent(task.id)}/${verb}` });
  const { kind, why, patientId, dueAt, conversationId, urgency, status, nextRung } = task;
  return (
    <li className="todo">
      <div>
        <div className="row head">
          <strong>{plain(kind)}</strong>
          {urgency === null ? null : <UrgencySign urgency={urgency} />}
          {patientId === null ? null : <Person id={patientId} />}
        </div>
        <p>{sentence(why)}</p>
        <p className="soft">
          For {task.assignee === null ? plain(task.role ?? 'anyone').toLowerCase() : staffName(task.assignee)}, due <When at={dueAt} relative />
          {status === 'acknowledged' ? `, ${staffName(task.acknowledgedBy)} has it` : null}
          {nextRung === null ? null : (
            <>
              , {plain(nextRung.role).toLowerCase()} is paged <When at={nextRung.at} relative />
            </>
          )}
        </p>
        {command.isError ? <Trouble error={command.error} /> : null}
      </div>
      {status === 'done' ? null : (
        <div className="row">
          {conversationId === null ? null : (
            <Button component="a" variant="subtle" href={`#/inbox/${encodeURIComponent(conversationId)}`}>
              Conversation
            </Button>
          )}
          {status === 'open' ? (
            <Button variant="default" loading={command.isPending} onClick={does('acknowledge')}>
              I have it
            </Button>
          ) : null}
          <Button variant="default" loading={command.isPending} onClick={does('complete')}>
            Done
          </Button>
        </div>
      )}
    </li>
  );
}

export function Tasks() {
  const [status, setStatus] = useState('open');
  const tasks = useAnswer<Page<Task>>('task', `tasks?${query({ status, limit: 200 })}`);
  return (
    <>
      <h1>Tasks</h1>
      <div className="filters">
        <SegmentedControl
          aria-label="Which tasks"
          value={status}
          onChange={setStatus}
          data={[
            { value: 'open', label: 'Open' },
            { value: 'acknowledged', label: 'In hand' },
            { value: 'done', label: 'Done' },
          ]}
        />
      </div>
      <Answer of={tasks} empty={({ items }) => (items.length === 0 ? 'Nothing here.' : null)}>
        {({ items }) => (
          <ul className="plain">
            {items.map((task) => (
              <Todo key={task.id} task={task} />
            ))}
          </ul>
        )}
      </Answer>
    </>
  );
}
