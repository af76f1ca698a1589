/// What mail may be about, so that contacts can say what they want.
package ai.mailgoat.server.topic;
