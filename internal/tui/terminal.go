// Package tui writes to terminals: what one can show, live pages, and the progress of what is under way.
package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// Terminal finds out how the answer may look: colour and marks only on a terminal, NO_COLOR and a dumb terminal
// respected, ASCII where the locale is not UTF-8.
func Terminal(w iostreams.IOStreams, color string) printers.Options {
	width, isTerminal := size(w.Out)
	o := printers.Options{Marks: isTerminal, Width: width, ASCII: !utf8Locale(w.Getenv), Program: iostreams.DisplayName(w.Args)}
	if columns, err := strconv.Atoi(w.Getenv("COLUMNS")); err == nil && columns > 0 {
		o.Width = columns
	}
	switch color {
	case "always":
		o.Color = true
	case "auto":
		o.Color = isTerminal && w.Getenv("NO_COLOR") == "" && w.Getenv("TERM") != "dumb"
	}
	o.Links = isTerminal && hasLinks(w.Getenv)
	return o
}

// hasLinks reports whether the terminal is known to have hyperlinks (OSC 8): others print them as text. A multiplexer hides which
// terminal it runs in.
func hasLinks(getenv func(string) string) bool {
	program, terminal := getenv("TERM_PROGRAM"), getenv("TERM")
	switch {
	case getenv("NO_COLOR") != "" || terminal == "dumb" || getenv("CI") != "":
		return false
	case getenv("FORCE_HYPERLINK") != "":
		return getenv("FORCE_HYPERLINK") != "0"
	case getenv("TMUX") != "" || strings.HasPrefix(terminal, "screen") || strings.HasPrefix(terminal, "tmux"):
		return false
	case slices.Contains([]string{"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "WarpTerminal"}, program):
		return true
	case slices.Contains([]string{"xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "contour", "wezterm"}, terminal):
		return true
	}
	version, _ := strconv.Atoi(getenv("VTE_VERSION")) // GNOME Terminal and others, since VTE 0.50
	return version >= 5000 || getenv("WT_SESSION") != "" || getenv("KONSOLE_VERSION") != "" || getenv("DOMTERM") != ""
}

// CanDraw reports whether pictures may be drawn over each other: not where the log of requests goes to a terminal, which may be the same,
// and not on a dumb terminal.
func CanDraw(w iostreams.IOStreams) bool {
	if w.Getenv != nil && w.Getenv("TERM") == "dumb" {
		return false
	}
	_, isTerminal := size(w.Err)
	return !isTerminal || !w.LogsRequests()
}

// CheckColor refuses unknown values of --color.
func CheckColor(color string) error {
	switch color {
	case "auto", "always", "never":
		return nil
	}
	return fmt.Errorf("invalid --color %q: use auto, always or never", color)
}

// size is the width of a terminal; a file or a pipe has none.
func size(stream any) (width int, isTerminal bool) {
	f, ok := stream.(interface{ Fd() uintptr })
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 80, true
	}
	return width, true
}

// utf8Locale follows POSIX: the first of these variables that is set decides. Without any, UTF-8 is today's default.
func utf8Locale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToLower(getenv(name)); value != "" {
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return true
}
