package text

import (
	"errors"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/steps"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// TestEveryWriterFails where its pipe does: a result that was not delivered is no success.
func TestEveryWriterFails(t *testing.T) {
	t.Parallel()
	times := []steps.Timed{{Object: printerstest.Kustomization("a")}}
	for name, err := range map[string]error{
		"Report": WriteReport(style.Options{}, brokenPipe{}, Report{}),
		"Times":  WriteReport(style.Options{}, &failsAfter{1}, Report{Times: times}),
		"Table":  WriteReport(style.Options{}, &failsAfter{2}, Report{Times: times}),
	} {
		if err == nil || !strings.Contains(err.Error(), "write") || !strings.Contains(err.Error(), "broken pipe") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// failsAfter takes some writes, and no more.
type failsAfter struct{ left int }

func (f *failsAfter) Write(text []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errors.New("broken pipe")
	}
	return len(text), nil
}
