/// What a team keeps about its contacts beyond their names: the properties there are.
package ai.mailgoat.server.property;
