import type { Session } from 'electron';

/** As Electron names them; one that it does not know yet is `unknown`, and refused like every name that the table lacks. */
type Permission = Parameters<NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>>[1];

/** What our page may do besides showing itself. Whatever is not named here is refused. */
const permissions: Partial<Record<Permission, { allowed: boolean; why: string }>> = {
  'clipboard-sanitized-write': { allowed: true, why: 'copies an error code or the live figures for a report' },
  media: { allowed: false, why: 'the native core captures; the page never touches a microphone' },
  'speaker-selection': { allowed: false, why: 'sound is played by the native core' },
  notifications: { allowed: false, why: 'main shows notifications, not the page' },
};

/** Answers every permission question of every page by the table, deny by default, our own origin only. */
export function limitPermissions(
  session: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'>,
  pageOrigin: string,
): void {
  const isAllowed = (permission: Permission, origin: string): boolean =>
    origin === pageOrigin && Object.hasOwn(permissions, permission) && permissions[permission]?.allowed === true;

  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(isAllowed(permission, originOf(details.requestingUrl))),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, originOf(origin)));
  session.setDevicePermissionHandler(() => false);
}

/** `scheme://host`; the URL class calls the origin of a scheme it does not know "null". */
export function originOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
