// Package lint is the command that checks a GitOps repository without a cluster.
package lint

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/lint"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

type options struct {
	streams iostreams.IOStreams
	dir     string
	base    string
	failOn  string
	cmdutil.Outputs
}

// NewCommand returns the command `lint`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w}
	cmd := &cobra.Command{
		SuggestFor: []string{"validate", "test"},
		Use:        "lint [DIR]",
		Short:      "Check a GitOps repository, without a cluster",
		Long: `Build what the Flux Kustomizations in a checkout apply, and report errors before the merge: broken references, edited releases,
files that are never applied, objects that OpenChoreo's definitions reject, plain-text secrets. DIR is the root of the repository
(default: the current folder). Each finding has its file and line. No cluster is needed, and nothing is fetched.

With --base, immutable objects are compared with the merge base of HEAD and that branch.

Exit codes:
  0    no error found
  1    error: usage, folder not found, unknown --base
  2    at least one error; with --fail-on warning, at least one warning or error
  130  interrupted
  143  terminated`,
		Example: `  kubectl choreo lint
  kubectl choreo lint --base origin/main --fail-on warning
  kubectl choreo lint gitops -o github --report sarif=lint.sarif`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.complete(args); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.base, "base", "", "branch that the change will be merged into, such as origin/main")
	f.StringVar(&o.failOn, "fail-on", "error", "lowest severity that changes the exit code: error or warning")
	o.AddFlags(cmd, printers.LintFormats()...)
	cmdutil.CompleteWords(cmd, "fail-on", "error", "warning")
	return cmd
}

func (o *options) complete(args []string) error {
	o.dir = "."
	if len(args) == 1 {
		o.dir = args[0]
	}
	if o.dir == "" {
		return errors.New("the name of the folder is empty; name the root folder of a GitOps repository")
	}
	if o.failOn != "error" && o.failOn != "warning" {
		return fmt.Errorf("invalid --fail-on %q: use error or warning", o.failOn)
	}
	return o.Check()
}

func (o *options) run(ctx context.Context) error {
	if o.streams.Offline != nil {
		o.streams.Offline()
	}
	begun := time.Now()
	repository, err := checkout.Load(ctx, checkout.Options{Dir: o.dir, Base: o.base})
	if err != nil {
		return err
	}
	if isEmpty(repository) {
		return fmt.Errorf("nothing to check: no Kubernetes objects in %s; name the root folder of a GitOps repository", o.dir)
	}
	found, err := lint.Check(repository)
	if err := cmp.Or(err, ctx.Err()); err != nil { // what was interrupted has no verdict
		return err
	}
	r := printers.LintReport{
		Begun: begun, Ended: time.Now(), FailOn: trace.Severity(o.failOn), Findings: make([]printers.Annotation, 0, len(found)),
		Folder: filepath.ToSlash(o.dir), InClone: gitrev.Prefix(ctx, o.dir),
	}
	objects := make([]facts.Ref, 0, len(found))
	for _, f := range found {
		objects = append(objects, f.Object)
		r.Findings = append(r.Findings, printers.Annotation{
			Code: string(f.Code), Severity: string(f.Severity), Object: f.Object, Message: f.Message, Hint: f.Hint, File: f.File, Line: f.Line, Names: f.Names,
		})
	}
	return o.Answer(o.streams, r, objects, r.Ended)
}

// isEmpty reports whether there is nothing in a repository that a rule could look at. One whose last objects have just been
// deleted is not empty: they are compared with --base.
func isEmpty(r *manifest.Repository) bool {
	return len(r.Declared)+len(r.Objects)+len(r.Problems)+len(r.Former) == 0
}
