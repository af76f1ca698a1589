/// Contacts: who may be written to, what is known of them, and what they want.
package ai.mailgoat.server.contact;
