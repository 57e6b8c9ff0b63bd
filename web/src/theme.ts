import { createTheme } from '@mantine/core';

/** What Mantine's parts look like here, by name, so that none is loaded for it. Colours are in theme.css. */
export const theme = createTheme({
  primaryColor: 'indigo',
  defaultRadius: 6,
  cursorType: 'pointer',
  autoContrast: true,
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
    Input: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs', autosize: true, minRows: 2 } },
    Select: { defaultProps: { size: 'xs', allowDeselect: false } },
    Tabs: { defaultProps: { keepMounted: false } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: false } },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end' } },
    Modal: {
      defaultProps: {
        centered: true,
        // theme.css does it: Mantine would write a style element, which the policy of the page forbids.
        lockScroll: false,
        overlayProps: { backgroundOpacity: 0.4 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Drawer: {
      defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } },
    },
  },
});
