/// JSON in and out: snake_case names, unknown fields ignored, nulls written.
package ai.mailgoat.common.json;
