/// Requests and responses of the HTTP APIs as records. Written by the JSON mapper with snake_case
/// names; a `null` says absent.
package ai.mailgoat.common.api;
