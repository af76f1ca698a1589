package ai.mailgoat.server.page;

import org.jspecify.annotations.Nullable;

/// A team's colours as variables of the style sheet. A colour that would be hard to read where it
/// stands is made darker, or in the dark lighter, until it is not.
final class Palette {
    /// What text needs (WCAG 2.2, 1.4.3), and what the edge of a button does (1.4.11).
    private static final double TEXT = 4.5;

    private static final double EDGE = 3;

    /// The ground of the card, as the style sheet has it.
    static final Color LIGHT = Color.WHITE;

    static final Color DARK = new Color(0x1e, 0x20, 0x23);

    /// The style sheet's own accent.
    private static final Color GREEN = new Color(0x0f, 0x6b, 0x52);

    private Palette() {}

    /// @return empty when the style sheet's own colours do
    static String css(@Nullable Color accent, @Nullable Color background) {
        var light = new StringBuilder();
        var dark = new StringBuilder();
        if (accent != null) {
            accent(light, accent, LIGHT, Color.BLACK);
            accent(dark, accent, DARK, Color.WHITE);
        }
        if (background != null) {
            light.append("--back:")
                    .append(background.css())
                    .append(";--on-back:")
                    .append(background.ink().css())
                    .append(';');
        }
        if (light.isEmpty()) {
            return "";
        }
        return ":root{"
                + light
                + "}"
                + (dark.isEmpty() ? "" : "@media (prefers-color-scheme:dark){:root{" + dark + "}}")
                + (background == null ? "" : onlyLight());
    }

    /// The colours of a button as declarations, for a mail, which has no style sheet.
    static String button(@Nullable Color accent) {
        var ground = accent == null ? GREEN : accent.standingOut(LIGHT, EDGE, Color.BLACK);
        return "background:" + ground.css() + ";color:" + ground.ink().css();
    }

    // The author chose a ground for the light; in the dark the standard one stays.
    private static String onlyLight() {
        return "@media (prefers-color-scheme:dark){:root{--back:var(--dark-back);--on-back:var(--dark-on-back)}}";
    }

    private static void accent(StringBuilder out, Color accent, Color ground, Color end) {
        var button = accent.standingOut(ground, EDGE, end);
        out.append("--accent:")
                .append(button.css())
                .append(";--on-accent:")
                .append(button.ink().css())
                .append(";--link:")
                .append(accent.standingOut(ground, TEXT, end).css())
                .append(';');
    }
}
