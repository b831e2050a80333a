package cmdutil

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/config"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/controlplane"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/planereader"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// planeContext is the kubeconfig context of a data plane's cluster.
type planeContext struct {
	plane   facts.Plane
	Context string
	From    string // where the user said so
}

// flagPlanes reads the values of --plane. Of several for one plane the last counts, as with every flag.
func flagPlanes(values []string) ([]planeContext, error) {
	var planes []planeContext
	for _, value := range values {
		name, context, _ := strings.Cut(value, "=")
		if context == "" {
			return nil, fmt.Errorf("invalid --plane %q: use NAME=CONTEXT, such as --plane prod=prod-cluster", value)
		}
		p := planeContext{facts.Plane(name), context, "--plane"}
		if err := p.check(); err != nil {
			return nil, err
		}
		planes = append(planes, p)
	}
	return planes, nil
}

func (p planeContext) check() error {
	namespace, name, namespaced := strings.Cut(string(p.plane), "/")
	switch {
	case p.plane == facts.Control:
		return fmt.Errorf("invalid %s: %s is the control plane; use --context", p.From, p.plane)
	case namespace == "" || namespaced && (name == "" || strings.Contains(name, "/")):
		return fmt.Errorf("invalid %s: %q is not a data plane; use the name of a ClusterDataPlane, or namespace/name of a DataPlane", p.From, p.plane)
	}
	return nil
}

// PlaneContexts are those of the user's settings, and over them those of --plane.
func (r *Reader) PlaneContexts() (map[facts.Plane]planeContext, error) {
	settings, err := config.Read(r.Streams.Getenv)
	if err != nil {
		return nil, err
	}
	contexts := map[facts.Plane]planeContext{}
	for _, s := range settings.Planes {
		p := planeContext{facts.Plane(s.Name), s.Context, settings.Path}
		if err := p.check(); err != nil {
			return nil, err
		}
		contexts[p.plane] = p
	}
	flags, err := flagPlanes(r.Planes)
	for _, p := range flags {
		contexts[p.plane] = p
	}
	return contexts, err
}

// namedContexts are the contexts that the user named, which commands that are printed must name as well.
func (r *Reader) namedContexts() (map[facts.Plane]string, error) {
	planes, err := r.PlaneContexts()
	if err != nil {
		return nil, err
	}
	named := map[facts.Plane]string{}
	for plane, p := range planes {
		if !isAPI(r, p) {
			named[plane] = p.Context
		}
	}
	if context := *r.flags.Context; context != "" {
		named[facts.Control] = context
	}
	return named, nil
}

// clusters are the control plane's cluster, and those of the data planes that have one of their own; readers read others.
func (r *Reader) clusters(control *rest.Config) (map[facts.Plane]*rest.Config, *planereader.Readers, error) {
	contexts, err := r.PlaneContexts()
	if err != nil {
		return nil, nil, err
	}
	clusters := map[facts.Plane]*rest.Config{facts.Control: control}
	var named []facts.Plane
	for _, plane := range slices.Sorted(maps.Keys(contexts)) {
		if isAPI(r, contexts[plane]) {
			named = append(named, plane)
		} else if clusters[plane], err = r.cluster(contexts[plane]); err != nil {
			return nil, nil, err
		}
	}
	readers, err := readersOf(r, control, named)
	return clusters, readers, err
}

// cluster is how to reach a plane: by the same kubeconfig files, with the same patience. Whatever else the flags say, such
// as --server, --token and --as, is about the control plane.
func (r *Reader) cluster(p planeContext) (*rest.Config, error) {
	flags := genericclioptions.NewConfigFlags(false)
	flags.KubeConfig, flags.Timeout, flags.DisableCompression = r.flags.KubeConfig, r.flags.Timeout, r.flags.DisableCompression
	flags.Context = &p.Context
	loader := flags.ToRawKubeConfigLoader()
	// Looked up here, because client-go takes the cluster that it runs in where there is no kubeconfig at all.
	if kubeconfig, err := loader.RawConfig(); err == nil && kubeconfig.Contexts[p.Context] == nil {
		return nil, fmt.Errorf("cannot find context %q, set by %s for data plane %s, in the kubeconfig; %s",
			p.Context, p.From, p.plane, controlplane.NoContext(kubeconfig))
	}
	c, err := loader.ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("cannot read kubeconfig for data plane %s: %w; %s sets context %s", p.plane, err, p.From, p.Context)
	}
	return c, nil
}
