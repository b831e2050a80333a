package cmdutil

import (
	"errors"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/transport"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/controlplane"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/planereader"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/login"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// apiContext is the word for a context that means openchoreo-api.
const apiContext = "openchoreo"

// isAPI reports whether a plane is read through openchoreo-api. A context of that name in the kubeconfig is a context.
func isAPI(r *Reader, p planeContext) bool {
	kubeconfig, err := r.flags.ToRawKubeConfigLoader().RawConfig()
	return p.Context == apiContext && (err != nil || kubeconfig.Contexts[apiContext] == nil)
}

// readersOf read planes through openchoreo-api: the named ones and, if there is a login, those without a context. nil: none. They are made
// once: what leads from an object to its component needs the same answers as the trace after it.
func readersOf(r *Reader, control *rest.Config, named []facts.Plane) (*planereader.Readers, error) {
	if r.readers != nil {
		return r.readers, nil
	}
	l, found, err := login.Choose(r.API, named, r.Streams.Getenv, time.Now())
	if err != nil || !found {
		return nil, err
	}
	o := openchoreoapi.Options{Timeout: control.Timeout, UserAgent: kube.UserAgent(), Now: time.Now, Wrap: transport.DebugWrappers}
	if configure := r.Streams.Configure; configure != nil {
		config := &rest.Config{Host: l.URL.String()}
		configure(config)
		o.Transport = config.Transport
	}
	if r.clusterless {
		r.readers = planereader.All(openchoreoapi.New(l, o))
	} else {
		r.readers = planereader.New(openchoreoapi.New(l, o), named)
	}
	return r.readers, nil
}

// withoutCluster is for a user who has only a login for openchoreo-api, which then reads the control plane as well. It returns the problem
// for all others.
func withoutCluster(r *Reader, problem error) (*rest.Config, error) {
	var missing *controlplane.MissingError
	if !errors.As(problem, &missing) || r.NeedsCluster {
		return nil, problem
	}
	l, found, err := login.Only(r.API, r.Streams.Getenv, time.Now())
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, missing.WithoutLogin()
	}
	r.clusterless = true
	return controlplane.Replacement(l.URL.String(), missing.Timeout), nil
}
