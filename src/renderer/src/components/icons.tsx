/** Drawn here, 24 × 24, in the colour of the text around them; the words beside them carry the meaning. */
const icon = (path: string, filled = false) =>
  function Icon() {
    return (
      <svg className={filled ? 'icon icon-filled' : 'icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d={path} />
      </svg>
    );
  };

export const PowerIcon = icon('M12 3v9M6.3 6.8a8 8 0 1 0 11.4 0');
export const MicrophoneIcon = icon(
  'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
);
export const WaveIcon = icon('M3 12h2M8 8v8M12 4v16M16 8v8M19 12h2');
export const HeadphonesIcon = icon(
  'M4 14v-2a8 8 0 0 1 16 0v2M4 14a2 2 0 0 1 4 0v4a2 2 0 0 1-4 0zM20 14a2 2 0 0 0-4 0v4a2 2 0 0 0 4 0z',
);
export const WarningIcon = icon('M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.2');
export const MutedIcon = icon('M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5');
export const DropIcon = icon('M12 2.5c3.6 4.3 6.5 7.7 6.5 11.4a6.5 6.5 0 0 1-13 0c0-3.7 2.9-7.1 6.5-11.4z', true);
export const CheckIcon = icon('M5 12.5l4.5 4.5L19 7.5');
export const ListIcon = icon('M4 7l1.5 1.5L8.5 5.5M4 16l1.5 1.5L8.5 14.5M12 7.5h8M12 16.5h8');
export const CrossIcon = icon('M6 6l12 12M18 6L6 18');
export const DashIcon = icon('M6 12h12');
export const ClockIcon = icon('M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16zM12 8v4.5l3 1.5');
export const RecordIcon = icon('M12 5.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z', true);
export const StopIcon = icon('M6.5 6.5h11v11h-11z', true);
export const DotIcon = icon('M12 10.5a1.5 1.5 0 1 0 0 3a1.5 1.5 0 0 0 0-3z');
export const LockIcon = icon('M6.5 11h11v9h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3');
export const KeyIcon = icon('M8 11.5a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM10.8 12.7L19 4.5M15.5 8l3 3');
export const ServerIcon = icon('M4.5 5h15v5.5h-15zM4.5 13.5h15V19h-15zM8 7.8v.1M8 16.2v.1');
export const PaletteIcon = icon(
  'M12 4a8 8 0 1 0 0 16c1.4 0 1.7-1 1.2-2c-.6-1.2 0-2.2 1.4-2.2H17a3 3 0 0 0 3-3C20 7.6 16.4 4 12 4zM8 11v.1M11 7.8v.1M15.2 8.8v.1',
);
export const KeyboardIcon = icon('M3.5 6.5h17v11h-17zM7 10v.1M10.3 10v.1M13.7 10v.1M17 10v.1M8.5 14h7');
export const TrayIcon = icon('M3.5 5h17v14h-17zM3.5 15.5h17M16.5 17.2v.1');
export const PersonIcon = icon(
  'M12 4.5a3.75 3.75 0 1 0 0 7.5a3.75 3.75 0 0 0 0-7.5zM4.5 20c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5',
);
export const FolderIcon = icon('M3.5 6.5h6l2 2.5h9v10h-17z');
export const AddIcon = icon('M12 4v11M7.5 10.5L12 15l4.5-4.5M4.5 15.5v4h15v-4');
export const QuestionIcon = icon('M9 9.2a3 3 0 1 1 4.3 2.7c-.9.5-1.3 1-1.3 1.9v.4M12 17.6v.2');
export const PlayIcon = icon('M8 5.5v13l10.5-6.5z', true);
export const PauseIcon = icon('M7.5 5.5h3v13h-3zM13.5 5.5h3v13h-3z', true);
export const CompareIcon = icon('M12 3.5v17M8.5 8v8M5 10.5v3M15.5 10v4M19 11.5v1');
