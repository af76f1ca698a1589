/// What was asked of the API and what it answered, for whoever looks for a mistake in a client.
package ai.mailgoat.server.requestlog;
