package diff

import (
	"context"
	"errors"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/dryrun"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// checkServerSide refuses what --server-side cannot be combined with: it compares Git with a cluster.
func (o *options) checkServerSide() error {
	_, _, two := o.revisions()
	switch {
	case !o.serverSide:
		return nil
	case o.live || two || len(o.releases) > 0 || len(o.reader.Subject.Environments) == 2:
		return errors.New("cannot combine --server-side with --live, --release, two revisions or two environments: it compares Git with the cluster")
	case o.reader.Snapshot != "":
		return errors.New("cannot combine --server-side with --snapshot: it requests a dry-run of a cluster")
	}
	return nil
}

// store returns the declared objects as the API server would store them; nil without --server-side.
func (o *options) store(ctx context.Context, v *view.Component, r *manifest.Repository) (map[facts.Ref]compare.Stored, error) {
	if !o.serverSide {
		return nil, nil
	}
	config, err := o.reader.ControlPlane()
	if err != nil {
		return nil, err
	}
	if o.streams.Configure != nil {
		o.streams.Configure(config)
	}
	client, err := kube.NewDryRunner(config, "diff")
	if err != nil {
		return nil, err
	}
	end := tui.ShowActivity(ctx, o.streams, "Requesting dry-runs")
	answers := dryrun.Preview(ctx, client, r, compare.Comparable(v, r))
	end()
	stored := make(map[facts.Ref]compare.Stored, len(answers))
	for ref, a := range answers {
		stored[ref] = compare.Stored{Body: a.Body, Reason: reasonOf(a.Answer)}
	}
	return stored, ctx.Err()
}

// reasonOf is why the API server does not store an object.
func reasonOf(a dryrun.Answer) string {
	switch a.Outcome {
	case dryrun.Accepted:
		return ""
	case dryrun.Refused:
		return "the API server refuses it: " + a.Message
	case dryrun.Forbidden:
		return fmt.Sprintf("a dry-run needs the rights of an apply, patch and create: %s", a.Message)
	case dryrun.NoKind:
		return "the cluster does not serve its kind"
	case dryrun.NoNamespace:
		return "its namespace does not exist"
	case dryrun.NoAnswer:
		return "the API server has not answered: " + a.Message
	case dryrun.NotSent:
	}
	return "not sent to the API server: " + a.Message
}
