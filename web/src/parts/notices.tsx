import '@mantine/notifications/styles.layer.css';
import { Notifications } from '@mantine/notifications';

/** Where `tell` says things. */
export default function Notices() {
  return <Notifications position="bottom-right" />;
}
