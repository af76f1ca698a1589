/// Files of mails: links to them that need no key, and images inside of HTML.
package ai.mailgoat.server.download;
