/// The pages of the installation itself, which belong to no team.
package ai.mailgoat.server.front;
