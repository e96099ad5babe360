import { useId, type ReactNode } from 'react';

interface SettingsCardProps {
  heading: string;
  icon: ReactNode;
  children: ReactNode;
}

/** Settings that belong together. */
export function SettingsCard({ heading, icon, children }: SettingsCardProps) {
  const headingId = useId();
  return (
    <section className="card editor" aria-labelledby={headingId}>
      <h3 className="panel-heading" id={headingId}>
        {icon}
        {heading}
      </h3>
      {children}
    </section>
  );
}
