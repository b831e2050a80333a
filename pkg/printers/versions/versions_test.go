package versions

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestVersionsCommandNothing: an image's tag is a cluster's.
func TestVersionsCommandNothing(t *testing.T) {
	t.Parallel()
	const nasty = "v1\x1b[2J\rv2"
	var out bytes.Buffer
	for _, c := range []*Controller{{Version: nasty, Image: nasty}, {Image: nasty}, {Error: nasty}} {
		if err := (Version{OpenChoreo: c}).Print(&out, "text", style.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if text := out.String(); strings.ContainsAny(text, "\x1b\r") || strings.Count(text, "v1") != 4 {
		t.Errorf("%q", text)
	}
}

// TestVersion: a controller that nobody asked about has no line, and one error of both has one.
func TestVersion(t *testing.T) {
	t.Parallel()
	build := Build{Version: "v1.0.0", Go: "go1.26", Platform: "linux/amd64"}
	const client = "kubectl-choreo v1.0.0, go1.26, linux/amd64\n"
	failed := &Controller{Error: "connection refused"}
	for name, c := range map[string]struct {
		version Version
		want    string
	}{
		"Client":      {Version{Client: build}, client},
		"Commit":      {Version{Client: Build{Version: "v1.0.0", Commit: "0123456789abcdef", Date: "2026-11-21", Go: "go1.26", Platform: "linux/amd64"}}, "kubectl-choreo v1.0.0 (0123456789ab, 2026-11-21), go1.26, linux/amd64\n"},
		"Controllers": {Version{build, &Controller{Version: "v1.2.3", Image: "oc:1"}, &Controller{Image: "flux:2"}}, client + "OpenChoreo v1.2.3 (oc:1)\nFlux of an unknown version (flux:2)\n"},
		"OneUnseen":   {Version{build, failed, &Controller{Version: "v2", Image: "flux:2"}}, client + "OpenChoreo not seen: connection refused\nFlux v2 (flux:2)\n"},
		"BothUnseen":  {Version{build, failed, &Controller{Error: "connection refused"}}, client + "OpenChoreo and Flux not seen: connection refused\n"},
		"BothUnlike":  {Version{build, failed, &Controller{Error: "forbidden"}}, client + "OpenChoreo not seen: connection refused\nFlux not seen: forbidden\n"},
		"BothAlike":   {Version{build, &Controller{Version: "v1", Image: "i"}, &Controller{Version: "v1", Image: "i"}}, client + "OpenChoreo v1 (i)\nFlux v1 (i)\n"},
	} {
		var out strings.Builder
		if err := c.version.Print(&out, "text", style.Options{}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, out.String()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestVersionFormats(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{"yaml": "apiVersion: kubectl-choreo.dev/v1alpha1\n", "json": "{\n  \"apiVersion\": \"kubectl-choreo.dev/v1alpha1\",\n  \"kind\": \"Version\","} {
		var out strings.Builder
		if err := (Version{}).Print(&out, format, style.Options{}); err != nil || !strings.HasPrefix(out.String(), want) {
			t.Errorf("%s: %v\n%s", format, err, out.String())
		}
	}
	err := Version{}.Print(&strings.Builder{}, "xml", style.Options{})
	if want := `unknown output format "xml"; use one of text, json, yaml`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// TestEveryWriterFails where its pipe does: a result that was not delivered is no success.
func TestEveryWriterFails(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"Text": Version{}.Print(brokenPipe{}, "text", style.Options{}),
		"JSON": Version{}.Print(brokenPipe{}, "json", style.Options{}),
	} {
		if err == nil || !strings.Contains(err.Error(), "write") || !strings.Contains(err.Error(), "broken pipe") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
