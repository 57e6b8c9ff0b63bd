import { Burger, Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Keyboard, Link2, LogOut, Moon, Search, Sun } from 'lucide-react';
import { Suspense, useEffect, type ReactNode } from 'react';
import { Link } from 'wouter';
import { ConnectionNote } from '../parts/connection-note.js';
import { IconButton } from '../parts/icon-button.js';
import { signOut, usePermissions, useSession, useSessionHere } from '../session/session.js';
import { spacePath, useSpaceIfAny } from '../session/space.js';
import { setUtc, useIsUtc } from '../text/time-zone.js';
import { Untrusted } from '../text/untrusted.js';
import { rememberSpace } from './last-space.js';
import { useHashLocation } from './hash-location.js';
import { lazyPage } from './lazy-page.js';
import { useKeyboard } from './keyboard.js';
import { Mark } from './mark.js';
import { instanceSections, spaceSections, type Section } from './sections.js';
import { SpaceSwitcher } from './space-switcher.js';
import './shell.css';

const PortalLink = lazyPage(() => import('./portal-link.js'));
const KeyboardHelp = lazyPage(() => import('./keyboard-help.js'));
const Palette = lazyPage(() => import('./palette.js'));
const APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent);
const MenuDrawer = lazyPage(() => import('./menu-drawer.js'));

/** Navigation around every page, of a space or of the whole instance. */
export function Shell({ children }: { children: ReactNode }) {
  const space = useSpaceIfAny();
  const [path] = useHashLocation();
  const [menu, { toggle, close }] = useDisclosure(false);
  const [help, helpOf] = useDisclosure(false);
  const [palette, paletteOf] = useDisclosure(false);
  useKeyboard({
    help: helpOf.open,
    search: paletteOf.open,
    page: (name) => (space === null ? '/spaces' : spacePath(space, name)),
  });
  useEffect(() => {
    if (space !== null) rememberSpace(space);
  }, [space]);
  useEffect(close, [path, close]);

  return (
    <div className="shell">
      <a className="skip" href={`#${path}`} onClick={focusContent}>
        Skip to content
      </a>
      <header className="top-bar">
        <Burger opened={menu} onClick={toggle} size="sm" aria-label="Navigation" />
        <Brand />
      </header>
      <aside className="side">
        <SideContent openHelp={helpOf.open} openSearch={paletteOf.open} />
      </aside>
      {menu && (
        <Suspense fallback={null}>
          <MenuDrawer close={close}>
            <SideContent
              openHelp={helpOf.open}
              openSearch={() => {
                close();
                paletteOf.open();
              }}
            />
          </MenuDrawer>
        </Suspense>
      )}
      <main className="content" id="content" tabIndex={-1}>
        <ConnectionNote />
        {children}
      </main>
      {palette && (
        <Suspense fallback={null}>
          <Palette close={paletteOf.close} />
        </Suspense>
      )}
      {help && (
        <Suspense fallback={null}>
          <KeyboardHelp close={helpOf.close} />
        </Suspense>
      )}
    </div>
  );
}

function focusContent(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function Brand() {
  const { branding } = useSession();
  const logo = branding?.logoUrl;
  return (
    <div className="brand">
      {logo ? <img src={logo} alt="Logo" height={22} referrerPolicy="no-referrer" /> : <Mark />}
      {!logo && <span>Posthorn</span>}
    </div>
  );
}

function SideContent({ openHelp, openSearch }: { openHelp: () => void; openSearch: () => void }) {
  const space = useSpaceIfAny();
  const session = useSessionHere();
  const instance = instanceSections(session);
  return (
    <>
      <Brand />
      <SpaceSwitcher />
      <Button
        variant="default"
        className="go-to"
        justify="space-between"
        leftSection={<Search size={13} aria-hidden="true" />}
        rightSection={<kbd aria-hidden="true">{APPLE ? '⌘K' : 'Ctrl K'}</kbd>}
        onClick={openSearch}
      >
        Go to…
      </Button>
      {space !== null && (
        <nav aria-label="Pages">
          <Sections of={spaceSections((page) => spacePath(space, page), session)} />
        </nav>
      )}
      {instance.length > 0 && (
        <nav aria-label="Instance">
          <Sections of={instance} />
        </nav>
      )}
      <SideFoot openHelp={openHelp} />
    </>
  );
}

function Sections({ of }: { of: Section[] }) {
  const [path] = useHashLocation();
  return of.map(({ href, label, icon: Icon }) => (
    <Link
      key={href}
      href={href}
      className="nav-link"
      aria-current={path === href || path.startsWith(`${href}/`) ? 'page' : undefined}
    >
      <Icon size={15} aria-hidden="true" />
      {label}
    </Link>
  ));
}

/** Whether times are in the browser's zone or in UTC. */
function ZoneSwitch() {
  const utc = useIsUtc();
  // It begins with what is seen, so that it can be spoken to.
  const label = utc ? 'UTC. Switch to this browser’s time zone' : 'Local time. Switch to UTC';
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="gray"
      aria-label={label}
      data-tip={label}
      className="zone"
      onClick={() => setUtc(!utc)}
    >
      {utc ? 'UTC' : 'Local'}
    </Button>
  );
}

function SideFoot({ openHelp }: { openHelp: () => void }) {
  const session = useSession();
  const { kind, version, person } = session;
  const space = useSpaceIfAny();
  const { manage } = usePermissions();
  // Without transitions Mantine would write a style element, which the policy of the page forbids.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const dark = useComputedColorScheme('light') === 'dark';
  const [portal, portalOf] = useDisclosure(false);
  const tool = (label: string, icon: ReactNode, onClick: () => void) => (
    <IconButton label={label} onClick={onClick}>
      {icon}
    </IconButton>
  );
  return (
    <footer className="side-foot">
      {person && (
        <p className="quiet small flat ellipsis">
          Signed in as <Untrusted>{person.email}</Untrusted>
        </p>
      )}
      <div className="row side-tools">
        {tool(dark ? 'Light colours' : 'Dark colours', dark ? <Sun size={15} /> : <Moon size={15} />, () =>
          setColorScheme(dark ? 'light' : 'dark'),
        )}
        {tool('Keyboard shortcuts', <Keyboard size={15} />, openHelp)}
        {manage &&
          kind !== 'portal' &&
          space !== null &&
          tool('Portal link', <Link2 size={15} />, portalOf.open)}
        {kind !== 'portal' && tool('Sign out', <LogOut size={15} />, () => signOut(session))}
        <ZoneSwitch />
        {version && <span className="quiet small push">{version}</span>}
      </div>
      {portal && (
        <Suspense fallback={null}>
          <PortalLink close={portalOf.close} />
        </Suspense>
      )}
    </footer>
  );
}
