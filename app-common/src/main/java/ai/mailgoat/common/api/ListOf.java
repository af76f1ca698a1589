package ai.mailgoat.common.api;

import java.util.List;

/// One page of a list: `{"object":"list","has_more":…,"data":[…]}`, newest first.
public record ListOf<T>(String object, boolean hasMore, List<T> data) {}
