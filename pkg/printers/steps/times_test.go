package steps

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestWriteTimes: each time counts from the begin of all, one that did not come is a dash, and none is before the begin.
func TestWriteTimes(t *testing.T) {
	t.Parallel()
	begin := printerstest.Now
	at := begin.Add
	all := []Timed{
		{Object: printerstest.Kustomization("apps"), Asked: at(0), Handled: at(1500 * time.Millisecond), Applied: at(-3 * time.Second), Ready: at(150*time.Second + 400*time.Millisecond)},
		{Object: printerstest.Kustomization("not in a row of an environment"), Environment: "dev\x1b", Rungs: []trace.RungID{trace.RungRelease, trace.RungPod}, Ready: at(99900 * time.Millisecond)},
		{Environment: "prod"},
	}
	const want = "                       ASKED  HANDLED  APPLIED  READY\n" +
		"Kustomization apps     0.0s   1.5s     0.0s     2m30s\n" +
		`dev\x1b: release, pod  -      -        -        99.9s` + "\n" +
		"prod:                  -      -        -        -\n"
	if diff := cmp.Diff(want, printerstest.Written(t, func(w io.Writer) error { return WriteTimes(style.Options{}, w, begin, all) })); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	read, closed := io.Pipe()
	_ = read.Close()
	if err := WriteTimes(style.Options{}, closed, begin, all); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
}
