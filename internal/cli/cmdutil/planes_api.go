package cmdutil

import (
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/transport"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
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

// readersOf read planes through openchoreo-api: the named ones and, if there is a login, those without a context. nil: none.
func readersOf(r *Reader, control *rest.Config, named []facts.Plane) (*planereader.Readers, error) {
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
	return planereader.New(openchoreoapi.New(l, o), named), nil
}
