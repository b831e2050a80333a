package tui

import (
	"strings"
	"testing"
)

// TestHasLinks: hyperlinks only on terminals that are known to have them.
func TestHasLinks(t *testing.T) {
	t.Parallel()
	for environment, want := range map[string]bool{
		"": false, "TERM=xterm-256color": false, "TERM=xterm-kitty": true, "TERM_PROGRAM=iTerm.app": true, "TERM_PROGRAM=Apple_Terminal": false,
		"VTE_VERSION=7600": true, "VTE_VERSION=4000": false, "WT_SESSION=1": true, "TERM=dumb WT_SESSION=1": false, "NO_COLOR=1 WT_SESSION=1": false,
		"CI=true WT_SESSION=1": false, "TMUX=x TERM_PROGRAM=WezTerm": false, "TERM=screen-256color VTE_VERSION=7600": false,
		"FORCE_HYPERLINK=1": true, "FORCE_HYPERLINK=0 WT_SESSION=1": false,
	} {
		values := map[string]string{}
		for pair := range strings.FieldsSeq(environment) {
			name, value, _ := strings.Cut(pair, "=")
			values[name] = value
		}
		if got := hasLinks(func(name string) string { return values[name] }); got != want {
			t.Errorf("%s: %t, want %t", environment, got, want)
		}
	}
}
