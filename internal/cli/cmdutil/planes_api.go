package cmdutil

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/transport"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi"
	"github.com/kubectl-choreo/kubectl-choreo/internal/openchoreoapi/login"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// APIContext is the word for a context that means openchoreo-api.
const APIContext = "openchoreo"

// isAPI reports whether a plane is read through openchoreo-api. A context of that name in the kubeconfig is a context.
func (r *Reader) isAPI(p planeContext) bool {
	if p.Context != APIContext {
		return false
	}
	kubeconfig, err := r.flags.ToRawKubeConfigLoader().RawConfig()
	return err != nil || kubeconfig.Contexts[APIContext] == nil
}

// readers are how planes are read through openchoreo-api: those for which the user says so, and, if there is a login, those that
// have no context at all. Without either, kube reads the control plane's cluster.
func (r *Reader) readers(control *rest.Config) (kube.Options, error) {
	contexts, err := r.PlaneContexts()
	if err != nil {
		return kube.Options{}, err
	}
	var named []facts.Plane
	for _, plane := range slices.Sorted(maps.Keys(contexts)) {
		if r.isAPI(contexts[plane]) {
			named = append(named, plane)
		}
	}
	l, found, err := r.apiLogin(named)
	if err != nil || !found {
		return kube.Options{}, err
	}
	source := openchoreoapi.New(l, r.apiOptions(control, l))
	o := kube.Options{Elsewhere: source, Readers: map[facts.Plane]kube.PlaneReader{}}
	for _, plane := range named {
		o.Readers[plane] = source
	}
	return o, nil
}

// apiLogin is that of --openchoreo-api, else that of occ. For planes that the user named it must be there and be valid; for others, a
// configuration of occ that is no use is none.
func (r *Reader) apiLogin(named []facts.Plane) (l login.Login, found bool, err error) {
	if r.API != "" {
		if l, err = login.Given(r.API, r.Streams.Getenv); err != nil {
			return login.Login{}, false, err
		}
		return l, true, expired(l, "the token in "+login.TokenVariable)
	}
	l, found, err = login.OfOCC(r.Streams.Getenv)
	switch {
	case len(named) == 0:
		return l, found && err == nil && l.Token != "", nil
	case err != nil:
		return login.Login{}, false, fmt.Errorf("cannot read data plane %s through openchoreo-api: %w", named[0], err)
	case !found:
		return login.Login{}, false, fmt.Errorf("cannot read data plane %s through openchoreo-api: there is no login of occ; run occ login, or use --openchoreo-api", named[0])
	}
	return l, true, expired(l, "the login of occ")
}

func expired(l login.Login, what string) error {
	if at, expired := l.ExpiredAt(time.Now()); expired {
		return fmt.Errorf("%s expired at %s; %s", what, at.UTC().Format(time.RFC3339), l.Renew)
	}
	return nil
}

// apiOptions takes the timeout of requests from the flags, and a transport from tests.
func (r *Reader) apiOptions(control *rest.Config, l login.Login) openchoreoapi.Options {
	o := openchoreoapi.Options{Timeout: control.Timeout, UserAgent: kube.UserAgent(), Now: time.Now, Wrap: transport.DebugWrappers}
	if configure := r.Streams.Configure; configure != nil {
		config := &rest.Config{Host: l.URL.String()}
		configure(config)
		o.Transport = config.Transport
	}
	return o
}
