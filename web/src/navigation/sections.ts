import {
  Activity,
  BookOpen,
  Boxes,
  FlaskConical,
  Gauge,
  LayoutDashboard,
  ListChecks,
  Megaphone,
  PanelsTopLeft,
  Radio,
  ScrollText,
  Send,
  Settings,
  ShieldCheck,
  Shapes,
  UserRound,
  UsersRound,
  Webhook,
  type LucideIcon,
} from 'lucide-react';
import { hasRole, seesAll, type Session } from '../session/session.js';

/** An entry of the navigation. */
export interface Section {
  href: string;
  label: string;
  icon: LucideIcon;
}

interface SpaceSection {
  page: string;
  label: string;
  icon: LucideIcon;
  /** Who sees it; everybody without. */
  isFor?: (session: Session) => boolean;
}

const mayManage = ({ scope }: Session) => scope !== 'read';
/** Keys of a space change what is in it, but not the space itself. */
const maySet = (session: Session) =>
  mayManage(session) && (session.kind === 'admin' || session.person !== undefined);
const isNoPortal = ({ kind }: Session) => kind !== 'portal';

const SPACE: SpaceSection[] = [
  { page: 'overview', label: 'Overview', icon: Gauge },
  { page: 'subscriptions', label: 'Subscriptions', icon: Webhook },
  { page: 'deliveries', label: 'Deliveries', icon: Send },
  { page: 'events', label: 'Events', icon: Radio },
  { page: 'bench', label: 'Test bench', icon: FlaskConical, isFor: mayManage },
  { page: 'catalogue', label: 'Catalogue', icon: BookOpen },
  {
    page: 'audit',
    label: 'Audit log',
    icon: ScrollText,
    isFor: (session) => mayManage(session) && isNoPortal(session),
  },
  {
    page: 'portal',
    label: 'Portal',
    icon: PanelsTopLeft,
    isFor: (session) => mayManage(session) && isNoPortal(session),
  },
  { page: 'jobs', label: 'Jobs', icon: ListChecks, isFor: isNoPortal },
  { page: 'privacy', label: 'Erasure and holds', icon: ShieldCheck, isFor: isNoPortal },
  { page: 'settings', label: 'Settings', icon: Settings, isFor: maySet },
];

const INSTANCE: Section[] = [
  { href: '/all', label: 'All spaces', icon: LayoutDashboard },
  { href: '/spaces', label: 'List of spaces', icon: Boxes },
  { href: '/system', label: 'System', icon: Activity },
  { href: '/event-types', label: 'Event types of all', icon: Shapes },
  { href: '/broadcasts', label: 'Broadcasts', icon: Megaphone },
];
const AUDIT: Section = { href: '/audit', label: 'Audit log of all', icon: ScrollText };
const PEOPLE: Section = { href: '/people', label: 'People', icon: UsersRound };
const ACCOUNT: Section = { href: '/account', label: 'Account', icon: UserRound };

/** The pages of a space that this session may open. */
export function spaceSections(link: (page: string) => string, session: Session): Section[] {
  return SPACE.filter(({ isFor }) => isFor?.(session) ?? true).map(({ page, ...rest }) => ({
    href: link(page),
    ...rest,
  }));
}

/** The pages of the whole instance, for the operator and their people. */
export function instanceSections(session: Session): Section[] {
  return [
    ...(seesAll(session) ? INSTANCE : []),
    ...(hasRole(session, 'operator') ? [AUDIT] : []),
    ...(hasRole(session, 'admin') ? [PEOPLE] : []),
    ...(session.person ? [ACCOUNT] : []),
  ];
}
