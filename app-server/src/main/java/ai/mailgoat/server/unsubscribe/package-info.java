/// How people stop mail, or choose what they want of it: by one click in their mail program, or on
/// a page.
package ai.mailgoat.server.unsubscribe;
