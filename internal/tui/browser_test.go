package tui

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOpenerOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"darwin": "open", "windows": "rundll32 url.dll,FileProtocolHandler", "linux": "", "linux DISPLAY": "xdg-open",
		"freebsd WAYLAND_DISPLAY": "xdg-open", "linux WSL_DISTRO_NAME": "wslview",
	} {
		system, variable, _ := strings.Cut(name, " ")
		got := openerOf(system, func(name string) string {
			if name == variable {
				return "set"
			}
			return ""
		})
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestOpenBrowserRefuses whatever is no web address, before it looks for a browser.
func TestOpenBrowserRefuses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "file:///etc/passwd", "javascript:alert(1)", "-version", "http://a b", "http://user:pass@host/"} {
		if err := OpenBrowser(func(string) string { return "" }, address); err == nil || err.Error() != "not a URL of http or https" {
			t.Errorf("%q: %v", address, err)
		}
	}
	if err := OpenBrowser(func(string) string { return "" }, "https://example.com/"); err == nil {
		t.Skip("this system has a browser")
	}
}
