package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// requestTimeout bounds each request where the user gave no --request-timeout: without one, a cluster that does not
// answer would hold the tool for minutes.
const requestTimeout = "15s"

// reader gets a Snapshot: from a cluster, or from a file.
type reader struct {
	world    World
	flags    *genericclioptions.ConfigFlags
	subject  facts.Subject
	snapshot string
	revision string
	repo     string
	planes   []string
	skewed   bool // it was reported that the clocks differ
}

func newReader(w World) reader {
	r := reader{world: w, flags: genericclioptions.NewConfigFlags(true)}
	timeout := requestTimeout
	r.flags.Timeout = &timeout
	return r
}

func (r *reader) addFlags(cmd *cobra.Command) {
	r.addClusterFlags(cmd)
	cmd.Flags().StringVar(&r.snapshot, "snapshot", "", "read this file instead of a cluster")
}

// addClusterFlags adds those of a command that cannot do with a file.
func (r *reader) addClusterFlags(cmd *cobra.Command) {
	r.flags.AddFlags(cmd.Flags())
	cmd.Flags().StringVarP(&r.subject.Project, "project", "p", "", "project that owns the component")
	cmd.Flags().StringSliceVarP(&r.subject.Environments, "environment", "e", nil, "environment to look at; may be repeated (default all)")
	cmd.Flags().StringVar(&r.revision, "revision", "", "Git revision that is wanted: a commit, tag or branch of the clone, or HEAD")
	cmd.Flags().StringVar(&r.repo, "repo", ".", "folder of the clone of the GitOps repository")
	cmd.Flags().StringArrayVar(&r.planes, "plane", nil, "kubeconfig context of a data plane's cluster, as `NAME=CONTEXT`; NAME is that of a ClusterDataPlane,\nor namespace/name of a DataPlane; may be repeated")
	r.completeFlags(cmd)
}

func (r *reader) complete(args []string) error {
	if len(args) == 1 {
		r.subject.Component = componentName(args[0])
	}
	if r.subject.Component == "" && r.snapshot == "" {
		return fmt.Errorf("name a component, as in: kubectl choreo trace greeter-service")
	}
	return r.checkPlanes()
}

// checkPlanes refuses values of --plane that name no plane and context.
func (r *reader) checkPlanes() error {
	_, err := flagPlanes(r.planes)
	return err
}

// componentName takes both forms that kubectl takes: a name, or kind/name.
func componentName(arg string) string {
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

func (r *reader) read(ctx context.Context) (*facts.Snapshot, error) {
	if r.snapshot != "" {
		return r.fromFile(ctx)
	}
	return r.fromCluster(ctx)
}

// fromFile reads a Snapshot; "-" is the standard input.
func (r *reader) fromFile(ctx context.Context) (*facts.Snapshot, error) {
	in := r.world.In
	if r.snapshot != "-" {
		f, err := os.Open(r.snapshot)
		if err != nil {
			return nil, fmt.Errorf("open snapshot: %w", err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	s, err := facts.Read(in, r.snapshot)
	if err != nil {
		return nil, err
	}
	if r.subject.Component != "" && r.subject.Component != s.Subject.Component {
		return nil, fmt.Errorf("%s is a snapshot of component %s, not of %s", r.snapshot, s.Subject.Component, r.subject.Component)
	}
	if len(r.subject.Environments) > 0 {
		s.Subject.Environments = r.subject.Environments
	}
	return s, r.undeclaredPlane(ctx, nil, s)
}

// connect makes the clients of all planes, and takes the namespace from the kubeconfig. No request is made.
func (r *reader) connect() (source *kube.Source, host string, err error) {
	config, err := r.flags.ToRESTConfig()
	if err != nil {
		return nil, "", fmt.Errorf("read kubeconfig: %w; choose a cluster with --kubeconfig or --context", err)
	}
	if r.nowhere(config) {
		return nil, "", errors.New("find a cluster: no kubeconfig names any; choose one with --kubeconfig or KUBECONFIG")
	}
	r.subject.Namespace, _, err = r.flags.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return nil, "", fmt.Errorf("read kubeconfig: %w", err)
	}
	if err := r.checkNames(); err != nil {
		return nil, "", err
	}
	clusters, err := r.clusters(config)
	if err != nil {
		return nil, "", err
	}
	if configure := r.world.Configure; configure != nil {
		for _, cluster := range clusters {
			configure(cluster)
		}
	}
	source, err = kube.New(clusters, kube.Options{})
	return source, config.Host, err
}

// checkNames refuses what no object can be called, before any request.
func (r *reader) checkNames() error {
	errs := []error{reference.Namespace(r.subject.Namespace)}
	for _, name := range append([]string{r.subject.Component, r.subject.Project}, r.subject.Environments...) {
		if name != "" {
			errs = append(errs, reference.Name(name))
		}
	}
	return errors.Join(errs...)
}

// nowhere reports whether nobody has named a cluster. Then this machine's port 8080 is asked (client-go v0.36
// tools/clientcmd/client_config.go, getDefaultServer), which says nothing to whoever has forgotten a kubeconfig.
func (r *reader) nowhere(config *rest.Config) bool {
	raw, err := r.flags.ToRawKubeConfigLoader().RawConfig()
	return err == nil && clientcmdapi.IsConfigEmpty(&raw) && *r.flags.APIServer == "" && config.Host == clientcmd.ClusterDefaults.Server
}

func (r *reader) fromCluster(ctx context.Context) (*facts.Snapshot, error) {
	source, host, err := r.connect()
	if err != nil {
		return nil, err
	}
	s, err := collect.Run(ctx, source, r.subject, time.Now())
	if err != nil {
		return nil, err
	}
	r.reportSkew(source)
	r.reportSuspectedSkew(s)
	s.Wanted = r.wanted(ctx, s)
	s.Changes = r.changes(ctx, s)
	if err := r.usable(s, host); err != nil {
		return nil, err
	}
	return s, r.undeclaredPlane(ctx, source, s)
}
