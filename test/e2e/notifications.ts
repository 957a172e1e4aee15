import { until } from "./until.ts";
import type { Workbench } from "./workbench.ts";

// A driven window shows no toasts: the list of notifications is opened.

/** What the notification that holds `text` says. */
export async function notificationText(workbench: Workbench, text: string): Promise<string> {
  const message = workbench.notification(text).locator(".notification-list-item-message");
  return until(`the notification ${text}`, async () => {
    await workbench.command("Notifications: Show Notifications");
    return message.innerText({ timeout: 3000 });
  });
}

/** Presses a button of the notification that holds `text`. */
export async function pressInNotification(workbench: Workbench, text: string, button: string): Promise<void> {
  const item = workbench.notification(text);
  await until(`"${button}" of ${text} is pressed`, async () => {
    if (!(await item.isVisible())) await workbench.command("Notifications: Show Notifications");
    await item.hover({ timeout: 3000 });
    await item.getByRole("button", { name: button }).click({ timeout: 3000 });
    return true;
  });
}
