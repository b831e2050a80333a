package verify

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// answeredCase has the errors of one request after another, the last of which repeats, and how often a request is made.
type answeredCase struct {
	timeout  time.Duration
	errs     []error
	requests int
	want     string // the error
	reported string // on the standard error, after the time of day
}

func (c answeredCase) check(t *testing.T) {
	t.Helper()
	var out strings.Builder
	v := &verifying{options: &options{reader: &components.Reader{}, streams: iostreams.IOStreams{Err: &out}, timeout: c.timeout}}
	ctx := t.Context()
	if c.timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, c.timeout)
		defer cancel()
		ctx = limited
	}
	requests, got := 0, ""
	if err := v.answered(ctx, func() error {
		requests++
		return c.errs[min(requests, len(c.errs))-1]
	}); err != nil {
		got = err.Error()
	}
	if got != c.want || requests != c.requests {
		t.Errorf("%d requests, %q; want %d, %q", requests, got, c.requests, c.want)
	}
	if _, reported, _ := strings.Cut(out.String(), "  "); reported != c.reported {
		t.Errorf("reported %q, want %q", out.String(), c.reported)
	}
}

// TestAnswered: a cluster that does not respond is asked once a second. What it refuses in the ten seconds after that is asked again, as
// an API server serves before it has read its roles.
func TestAnswered(t *testing.T) {
	t.Parallel()
	silent := cmdutil.ReadError(facts.Unreachable, "connection refused", "https://c:6443")
	untrusted := cmdutil.ReadError(facts.Unreachable, "x509: unknown authority", "https://c:6443")
	refused := errors.New("forbidden")
	const unreachable = "cannot reach the cluster at https://c:6443: connection refused"
	const retrying = unreachable + "; retrying until --timeout\n"
	for name, c := range map[string]answeredCase{
		"AtOnce":              {time.Minute, []error{nil}, 1, "", ""},
		"Refused":             {time.Minute, []error{refused}, 1, "forbidden", ""},
		"Untrusted":           {time.Minute, []error{untrusted}, 1, untrusted.Error(), ""},
		"CheckedOnce":         {0, []error{silent}, 1, unreachable, ""},
		"SilentTwice":         {time.Minute, []error{silent, silent, nil}, 3, "", retrying},
		"RefusedAfterSilence": {time.Minute, []error{silent, refused, refused, nil}, 4, "", retrying},
		"RefusedForLonger":    {time.Minute, []error{silent, refused}, 12, "forbidden", retrying},
		"SilentAgain":         {time.Minute, []error{silent, refused, silent, refused}, 14, "forbidden", retrying},
		"SilentUntilTheEnd":   {4500 * time.Millisecond, []error{silent}, 5, unreachable + "; no answer within 4.5s", retrying},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, c.check)
		})
	}
}
