package cmdutil

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/remote"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/controlplane"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/planereader"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
)

// RequestTimeout bounds each request where the user gave no --request-timeout: without one, a cluster that does not
// answer would hold the tool for minutes.
const RequestTimeout = "15s"

// Reader gets a Snapshot: from a cluster, or from a file.
type Reader struct {
	Streams  iostreams.IOStreams
	Subject  facts.Subject
	Snapshot string   // --snapshot
	Revision string   // --revision
	Repo     string   // --repo
	Planes   []string // --plane
	API      string   // --openchoreo-api
	History  bool     // also read what the command history needs
	// NeedsCluster means that OpenChoreo's API does not do instead of the control plane's cluster.
	NeedsCluster bool

	flags *genericclioptions.ConfigFlags
	// namespace is that of the component to which objects have led; "" if the kubeconfig or -n chooses it.
	namespace string
	remotes   *remote.Remotes
	skewed    bool // it was reported that the clocks differ
	// readers read planes through OpenChoreo's API; all of them, the control plane included, if clusterless.
	readers     *planereader.Readers
	clusterless bool
}

// NewReader returns a Reader whose requests time out.
func NewReader(w iostreams.IOStreams) Reader {
	r := Reader{Streams: w, flags: genericclioptions.NewConfigFlags(true), remotes: remote.New(remote.Options{Now: time.Now})}
	timeout := RequestTimeout
	r.flags.Timeout = &timeout
	return r
}

// Complete takes the component from the arguments, and refuses flags that are invalid.
func (r *Reader) Complete(args []string) error {
	if len(args) == 1 {
		r.Subject.Component = ComponentName(args[0])
	}
	return r.CheckPlanes()
}

// SetSubject sets the component to which objects have led, and the object if it was one. It fails if the command line selects another
// environment.
func (r *Reader) SetSubject(s facts.Subject, object facts.Ref) error {
	if len(r.Subject.Environments) == 0 {
		r.Subject.Environments = s.Environments
	}
	for _, environment := range s.Environments {
		if !slices.Contains(r.Subject.Environments, environment) {
			return fmt.Errorf("the object is in environment %s, not in %s of -e", environment, strings.Join(r.Subject.Environments, ", "))
		}
	}
	r.Subject.Component, r.Subject.Object, r.namespace = s.Component, object, s.Namespace
	return nil
}

// CheckPlanes refuses values of --plane that name no plane and context.
func (r *Reader) CheckPlanes() error {
	_, err := flagPlanes(r.Planes)
	return err
}

// ComponentName takes both forms that kubectl takes: a name, or kind/name.
func ComponentName(arg string) string {
	kind, name, found := strings.Cut(arg, "/")
	if !found {
		return arg
	}
	switch strings.ToLower(kind) {
	case "component", "components", "comp", "component.openchoreo.dev", "components.openchoreo.dev":
		return name
	}
	return arg
}

// Read reads a Snapshot from the file of --snapshot, or from the cluster.
func (r *Reader) Read(ctx context.Context) (*facts.Snapshot, error) {
	if r.Snapshot != "" {
		return r.FromFile(ctx)
	}
	return r.FromCluster(ctx)
}

// FromFile reads a Snapshot; "-" is the standard input.
func (r *Reader) FromFile(ctx context.Context) (*facts.Snapshot, error) {
	in := r.Streams.In
	if r.Snapshot != "-" {
		f, err := os.Open(r.Snapshot)
		if err != nil {
			return nil, fmt.Errorf("cannot open snapshot: %w", err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	s, err := snapshotfile.Read(in, r.Snapshot)
	if err != nil {
		return nil, err
	}
	if r.Subject.Component != "" && r.Subject.Component != s.Subject.Component {
		return nil, fmt.Errorf("cannot trace %[3]s: %[1]s is a snapshot of component %[2]s", r.Snapshot, s.Subject.Component, r.Subject.Component)
	}
	if len(r.Subject.Environments) > 0 {
		s.Subject.Environments = r.Subject.Environments
	}
	return s, r.RequirePlanes(ctx, nil, s)
}

// ControlPlane returns the client configuration of the control plane's cluster. No request is made.
func (r *Reader) ControlPlane() (*rest.Config, error) {
	return controlplane.Config(r.flags) //nolint:wrapcheck // it says what to do
}

// Connect makes the clients of all planes, and takes the namespace from the kubeconfig. No request is made.
func (r *Reader) Connect() (source *kube.Source, host string, err error) {
	config, err := r.ControlPlane()
	if err != nil {
		if config, err = withoutCluster(r, err); err != nil {
			return nil, "", err
		}
	}
	r.Subject.Namespace, _, err = r.flags.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return nil, "", fmt.Errorf("cannot read kubeconfig: %w", err)
	}
	r.Subject.Namespace = cmp.Or(r.namespace, r.Subject.Namespace)
	if err := r.checkNames(); err != nil {
		return nil, "", err
	}
	r.Subject.Planes, r.Subject.API = r.Planes, nil
	if r.Subject.Contexts, err = r.namedContexts(); err != nil {
		return nil, "", err
	}
	clusters, readers, err := r.clusters(config)
	if err != nil {
		return nil, "", err
	}
	if configure := r.Streams.Configure; configure != nil {
		for _, cluster := range clusters {
			configure(cluster)
		}
	}
	if source, err = kube.New(clusters, kube.Options{Readers: readers}); err == nil && readers != nil {
		r.Subject.API = &facts.API{Address: r.API, Reads: source.IsReadByAnother}
	}
	return source, controlplane.Address(config.Host), err
}

// checkNames refuses what no object can be called, before any request.
func (r *Reader) checkNames() error {
	errs := []error{reference.Namespace(r.Subject.Namespace)}
	for _, name := range append([]string{r.Subject.Component, r.Subject.Project}, r.Subject.Environments...) {
		if name != "" {
			errs = append(errs, reference.Name(name))
		}
	}
	return errors.Join(errs...)
}

// FromCluster reads a Snapshot from the cluster, and the wanted revision from the clone.
func (r *Reader) FromCluster(ctx context.Context) (*facts.Snapshot, error) {
	source, host, err := r.Connect()
	if err != nil {
		return nil, err
	}
	s, err := collect.Run(ctx, source, r.Subject, time.Now())
	if err != nil {
		return nil, err
	}
	r.ReportSkew(source)
	r.reportSuspectedSkew(s)
	s.Wanted = r.Wanted(ctx, s)
	s.Changes = r.Changes(ctx, s)
	if r.History {
		if err := ReadPast(ctx, r, source, s); err != nil {
			return nil, err
		}
	}
	if err := r.CheckUsable(s, host); err != nil {
		return nil, err
	}
	return s, r.RequirePlanes(ctx, source, s)
}
