/// Addresses that a team does not send to, because they bounced, complained, or were entered.
package ai.mailgoat.server.suppression;
