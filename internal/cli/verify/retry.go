package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// retryUnreachable is how long the responses of an API server are doubted after it was unreachable: it serves before its caches of roles and of
// CustomResourceDefinitions are filled, and refuses or does not know what it will have a moment later.
const retryUnreachable = 10 * time.Second

// pollInterval is the time between two reads of a cluster that does not answer.
const pollInterval = time.Second

// answered retries until a cluster responds: the one that a pipeline verifies may be the one that it has just upgraded. It gives
// up when the time is over, with the error; without time it tries once.
func (v *verifying) answered(ctx context.Context, ask func() error) error {
	var silent *cmdutil.UnansweredError
	var last time.Time
	err := wait.PollUntilContextCancel(ctx, pollInterval, true, func(context.Context) (bool, error) {
		err := ask()
		if err == nil || v.timeout == 0 {
			return true, err
		}
		var now *cmdutil.UnansweredError
		switch {
		case errors.As(err, &now) && now.MayAnswer():
			if silent == nil {
				_, _ = fmt.Fprintf(v.streams.Err, "%s  %s; retrying until --timeout\n", time.Now().Format(time.TimeOnly), printers.Escape(now.Error()))
			}
			silent, last = now, time.Now()
		case silent == nil, ctx.Err() == nil && time.Since(last) > retryUnreachable:
			return true, err
		}
		return false, nil
	})
	if err != nil && silent != nil && ctx.Err() != nil {
		return fmt.Errorf("%w; no answer within %s", silent, v.timeout)
	}
	return err
}
