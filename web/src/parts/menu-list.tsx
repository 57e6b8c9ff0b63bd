import { Button, Menu, type ButtonProps } from '@mantine/core';
import type { MenuEntry } from './menu-entry.js';

export default function MenuList({ entries, button }: { entries: MenuEntry[]; button: ButtonProps }) {
  return (
    <Menu defaultOpened>
      <Menu.Target>
        <Button variant="default" {...button} />
      </Menu.Target>
      <Menu.Dropdown>
        {entries.map(({ label, icon, color, run }) => (
          <Menu.Item key={label} leftSection={icon} color={color} onClick={run}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
