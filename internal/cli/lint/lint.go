// Package lint is the command that checks a GitOps repository without a cluster.
package lint

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suppress"
	"github.com/kubectl-choreo/kubectl-choreo/internal/tui"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/lint"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/lintreport"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

type options struct {
	streams        iostreams.IOStreams
	dir            string
	base           string
	failOn         string
	baseline       string
	updateBaseline bool
	lenient        bool
	jobs           int
	version        string
	against        against
	cmdutil.Outputs
}

// NewCommand returns the command `lint`.
func NewCommand(w iostreams.IOStreams) *cobra.Command {
	o := &options{streams: w}
	cmd := &cobra.Command{
		SuggestFor: []string{"validate", "test"},
		Use:        "lint [DIR]",
		Short:      "Check a GitOps repository, without a cluster",
		Long:       long,
		Example:    examples,
		Args:       cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.against.isSet = cmd.Flags().Changed("against")
			if err := o.complete(args); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.base, "base", "", "branch that the change will be merged into, such as origin/main")
	f.StringVar(&o.failOn, "fail-on", "error", "lowest severity that changes the exit code: error or warning")
	f.StringVar(&o.baseline, "baseline", "", "file with known findings, which do not count")
	f.BoolVar(&o.updateBaseline, "update-baseline", false, "write the findings of this run to the file of --baseline")
	f.BoolVar(&o.lenient, "lenient-substitution", false, "use an empty string for variables without a value, like kustomize-controller with StrictPostBuildSubstitutions=false")
	f.IntVar(&o.jobs, "jobs", 0, "number of processors to use (default: all)")
	f.StringVar(&o.version, "openchoreo-version", "", "release of OpenChoreo in the clusters: "+strings.Join(lint.OpenChoreoVersions(), ", ")+" (default: that of its chart in the repository, else the newest)")
	o.against.addFlags(cmd)
	o.AddFlags(cmd, lintreport.Formats()...)
	cmdutil.CompleteWords(cmd, "openchoreo-version", lint.OpenChoreoVersions()...)
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
	if o.updateBaseline && o.baseline == "" {
		return errors.New("--update-baseline requires --baseline FILE")
	}
	if o.jobs < 0 {
		return fmt.Errorf("invalid --jobs %d: use a number of at least 1", o.jobs)
	}
	if o.version != "" && !slices.Contains(lint.OpenChoreoVersions(), o.version) {
		return fmt.Errorf("unsupported --openchoreo-version %q: use one of %s", o.version, strings.Join(lint.OpenChoreoVersions(), ", "))
	}
	if err := o.against.check(o.base); err != nil {
		return err
	}
	return o.Check()
}

func (o *options) run(ctx context.Context) error {
	if err := o.against.connect(o.streams.Configure); err != nil {
		return err
	}
	if o.streams.Offline != nil {
		o.streams.Offline()
	}
	if o.jobs > 0 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(o.jobs))
	}
	begun := time.Now()
	end := tui.ShowActivity(ctx, o.streams, "Checking "+o.dir)
	r, err := o.check(ctx)
	end()
	if err := cmp.Or(err, ctx.Err()); err != nil { // what was interrupted has no verdict
		return err
	}
	report := lintreport.Report{
		Begun: begun, Ended: time.Now(), FailOn: trace.Severity(o.failOn), Findings: make([]printers.Annotation, 0, len(r.found)),
		Folder: cmp.Or(r.root, filepath.ToSlash(o.dir)), InClone: r.prefix, Coverage: r.coverage, Suppressed: lintreport.Suppressed(r.suppressed),
	}
	objects := make([]facts.Ref, 0, len(r.found))
	for _, f := range r.found {
		objects = append(objects, f.Object)
		report.Findings = append(report.Findings, printers.Annotation{
			Code: string(f.Code), Severity: string(f.Severity), Object: f.Object, Message: f.Message, Hint: f.Hint, File: f.File, Line: f.Line, Names: f.Names, Cause: f.Cause,
		})
	}
	return o.Answer(o.streams, report, objects, report.Ended)
}

// result is what a run has found.
type result struct {
	found      []lint.Finding
	suppressed suppress.Counts
	coverage   manifest.Coverage
	// root leads to the root of the repository, and prefix from that root to the folder of the findings' files.
	root, prefix string
}

func (o *options) check(ctx context.Context) (result, error) {
	settings, err := readSettings(o.dir)
	if err != nil {
		return result{}, err
	}
	baseline, err := o.readBaseline()
	if err != nil {
		return result{}, err
	}
	repository, settings, err := o.load(ctx, settings)
	if err != nil {
		return result{}, err
	}
	if len(settings.SkipPaths) > 0 {
		repository.Skip(settings.Skips)
	}
	repository.External = settings.External()
	if len(settings.SkipPaths) > 0 && len(repository.Objects)+len(repository.Kustomizations)+len(repository.Unapplied)+len(repository.Problems) == 0 {
		return result{}, fmt.Errorf("nothing to check: skipPaths in %s excludes all objects", suppress.SettingsFile)
	}
	if isEmpty(repository) {
		return result{}, fmt.Errorf("nothing to check: no Kubernetes objects in %s; name the root folder of a GitOps repository", o.dir)
	}
	version := cmp.Or(o.version, minor(settings.OpenChoreoVersion))
	if version != "" && !slices.Contains(lint.OpenChoreoVersions(), version) {
		return result{}, fmt.Errorf("unsupported openchoreoVersion %q in %s: use one of %s", settings.OpenChoreoVersion, suppress.SettingsFile, strings.Join(lint.OpenChoreoVersions(), ", "))
	}
	checked, err := lint.Check(repository, lint.Options{OpenChoreoVersion: version})
	found := checked.Findings
	if err := cmp.Or(err, ctx.Err()); err != nil {
		return result{}, err
	}
	prefix := gitrev.Prefix(ctx, o.dir)
	if repository.Root != "" {
		prefix = ""
		found = slices.DeleteFunc(found, func(f lint.Finding) bool { return !strings.HasPrefix(f.File, repository.Folder+"/") })
	}
	refused, err := o.against.dryRun(ctx, repository, o.loading(settings))
	if err != nil {
		return result{}, err
	}
	found = append(found, refused...)
	if o.updateBaseline {
		remaining, _ := suppress.Apply(found, repository, settings, nil)
		if baseline, err = o.writeBaseline(remaining); err != nil {
			return result{}, err
		}
	}
	kept, counts := suppress.Apply(found, repository, settings, baseline)
	return result{kept, counts, repository.Checked(), repository.Root, prefix}, nil
}

// load returns the repository, and the settings in its root: that of the clone, if another folder of it applies the folder of the command.
func (o *options) load(ctx context.Context, settings *suppress.Settings) (*manifest.Repository, *suppress.Settings, error) {
	loaded, around := o.loading(settings), settings
	loaded.Around = func(root string) (checkout.Options, error) {
		var err error
		if around, err = readSettings(root); err != nil {
			return checkout.Options{}, err
		}
		return o.loading(around), nil
	}
	repository, err := checkout.Load(ctx, loaded)
	switch {
	case err != nil:
		return nil, nil, err
	case repository.Root == "":
		return repository, settings, nil
	case settings.IsRead():
		return nil, nil, fmt.Errorf("read %s: it does not count in %s, because the whole clone is checked; move its content to the root of the clone", suppress.SettingsFile, o.dir)
	}
	return repository, around, nil
}

// loading returns how a repository with these settings is loaded.
func (o *options) loading(s *suppress.Settings) checkout.Options {
	return checkout.Options{Dir: o.dir, Base: o.base, Clusters: s.Clusters, LenientSubstitution: o.lenient || s.StrictSubstitution != nil && !*s.StrictSubstitution}
}

// minor returns the first two numbers of a release.
func minor(version string) string {
	parts := strings.Split(strings.TrimPrefix(version, "v"), ".")
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// isEmpty reports whether there is nothing in a repository that a rule could look at. One whose last objects have just been
// deleted is not empty: they are compared with --base.
func isEmpty(r *manifest.Repository) bool {
	return len(r.Declared)+len(r.Objects)+len(r.Problems)+len(r.Former) == 0
}
