import { Kbd, Modal } from '@mantine/core';

const KEYS: [keys: string[], does: string][] = [
  [['Ctrl', 'K'], 'Search everything: ids, names, URLs'],
  [['/'], 'Search or filter this page'],
  [['j'], 'Next row'],
  [['k'], 'Previous row'],
  [['Enter'], 'Open the row'],
  [['g', 'o'], 'Overview'],
  [['g', 's'], 'Subscriptions'],
  [['g', 'd'], 'Deliveries'],
  [['g', 'e'], 'Events'],
  [['g', 't'], 'Test bench'],
  [['g', 'c'], 'Catalogue'],
  [['?'], 'This help'],
  [['Esc'], 'Close'],
];

export default function KeyboardHelp({ close }: { close: () => void }) {
  return (
    <Modal opened onClose={close} title="Keyboard">
      <dl className="keys">
        {KEYS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key} size="xs">
                  {key}
                </Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
