package ai.mailgoat.server.page;

import java.util.Optional;
import java.util.regex.Pattern;

/// A colour of sRGB, each part from 0 to 255.
record Color(int red, int green, int blue) {
    static final Color BLACK = new Color(0, 0, 0);
    static final Color WHITE = new Color(255, 255, 255);

    private static final Pattern FORM = Pattern.compile("#[0-9a-fA-F]{6}");
    private static final int STEPS = 20;

    /// @return empty unless it is `#rrggbb`
    static Optional<Color> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        int rgb = Integer.parseInt(text, 1, text.length(), 16);
        return Optional.of(new Color(rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff));
    }

    /// As CSS has it.
    String css() {
        return "#%02x%02x%02x".formatted(red, green, blue);
    }

    /// From 1 to 21 (WCAG 2.2, "contrast ratio").
    double contrast(Color other) {
        double mine = luminance();
        double theirs = other.luminance();
        return (Math.max(mine, theirs) + 0.05) / (Math.min(mine, theirs) + 0.05);
    }

    /// Black or white, whichever is read more easily on this colour; at least 4.5 to it.
    Color ink() {
        return contrast(WHITE) >= contrast(BLACK) ? WHITE : BLACK;
    }

    /// This colour, or the nearest on the way to `end` that stands out enough from `ground`.
    ///
    /// @param contrast that `end` itself has
    Color standingOut(Color ground, double contrast, Color end) {
        for (int step = 0; step < STEPS; step++) {
            var mixed = mixed(end, step);
            if (mixed.contrast(ground) >= contrast) {
                return mixed;
            }
        }
        return end;
    }

    private Color mixed(Color end, int step) {
        return new Color(
                red + (end.red - red) * step / STEPS,
                green + (end.green - green) * step / STEPS,
                blue + (end.blue - blue) * step / STEPS);
    }

    private double luminance() {
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    }

    private static double linear(int part) {
        double value = part / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
