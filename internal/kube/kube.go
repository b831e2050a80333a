// Package kube reads facts from clusters: it implements facts.Source over client-go, with one client per plane, and
// turns every error of the API into an Outcome. It never asks for discovery, because the paths of all kinds are known,
// and it never reads a Secret.
package kube

import (
	"context"
	"fmt"
	"net/http"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	apiruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// defaultMaxItems bounds one list, so that a mistaken question cannot fill the memory.
const defaultMaxItems = 20_000

// Options of a Source. The zero value is what a single cluster needs.
type Options struct {
	// MaxItems bounds the items of one list; the list then says that it is truncated. 0 means 20,000.
	MaxItems int
}

// Source reads from one cluster per plane. A plane without a client of its own is asked of the control plane's
// cluster: in small installations they are one. Whether the answer counts is for the judge to decide, who looks for
// the uid of a RenderedRelease on what was found.
type Source struct {
	planes   map[facts.Plane]*rest.RESTClient
	streams  map[facts.Plane]dynamic.Interface
	configs  map[facts.Plane]*rest.Config
	clocks   map[facts.Plane]*clock
	maxItems int
}

var (
	_ facts.Source = (*Source)(nil)
	_ facts.Clock  = (*Source)(nil)
)

// New makes a Source. configs must hold facts.Control. No request is made.
func New(configs map[facts.Plane]*rest.Config, o Options) (*Source, error) {
	if configs[facts.Control] == nil {
		return nil, fmt.Errorf("make a client: no configuration for the control plane")
	}
	s := &Source{
		planes: map[facts.Plane]*rest.RESTClient{}, streams: map[facts.Plane]dynamic.Interface{}, configs: configs,
		clocks: map[facts.Plane]*clock{}, maxItems: o.MaxItems,
	}
	if s.maxItems <= 0 {
		s.maxItems = defaultMaxItems
	}
	for plane, config := range configs {
		s.clocks[plane] = &clock{}
		config = s.clocks[plane].observe(config)
		client, err := newClient(config)
		if err != nil {
			return nil, fmt.Errorf("make a client for plane %s: %w", plane, err)
		}
		s.planes[plane] = client
		if s.streams[plane], err = newStream(config); err != nil {
			return nil, fmt.Errorf("make a client for plane %s: %w", plane, err)
		}
	}
	return s, nil
}

// newClient makes a client without a rate limit of its own: waiting in the client only adds latency, and since
// Kubernetes 1.29 the API server's priority and fairness protects it.
func newClient(config *rest.Config) (*rest.RESTClient, error) {
	c := within(config, bound)
	c.QPS = -1
	c.WarningHandlerWithContext = rest.NoWarnings{}
	c.NegotiatedSerializer = plainJSON()
	c.GroupVersion = &schema.GroupVersion{}
	c.APIPath = "/"
	c.ContentType, c.AcceptContentTypes = apiruntime.ContentTypeJSON, apiruntime.ContentTypeJSON
	return rest.UnversionedRESTClientFor(c)
}

// plainJSON knows no type but Status, in which the API server says what went wrong.
func plainJSON() apiruntime.NegotiatedSerializer {
	scheme := apiruntime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	return serializer.NewCodecFactory(scheme).WithoutConversion()
}

func (s *Source) client(plane facts.Plane) *rest.RESTClient {
	if c := s.planes[plane]; c != nil {
		return c
	}
	return s.planes[facts.Control]
}

// Get reads one object.
func (s *Source) Get(ctx context.Context, ref facts.Ref) facts.Object {
	o := facts.Object{Ref: ref}
	at, err := objectPath(ref)
	if err != nil {
		o.Outcome, o.Reason = outcome(err, ref.Name)
		return o
	}
	body, err := s.do(ctx, ref.Plane, func(c *rest.RESTClient) *rest.Request { return c.Get().AbsPath(at...) })
	if err != nil {
		o.Outcome, o.Reason = outcome(err, ref.Name)
		return o
	}
	o.Body = &unstructured.Unstructured{}
	if err := o.Body.UnmarshalJSON(body); err != nil {
		return facts.Object{Ref: ref, Outcome: facts.Unreachable, Reason: fmt.Sprintf("the answer cannot be read: %v", err)}
	}
	o.Outcome = facts.Found
	facts.Clean(o.Body)
	return o
}

// accept makes the request ask for plain JSON, whatever the client's default.
func accept(r *rest.Request, media string) *rest.Request { return r.SetHeader("Accept", media) }

// retryPause is what an API server that restarts needs at least.
const retryPause = 200 * time.Millisecond

// do makes a request, and after a transport error or a 5xx, a moment later, once more: a restarting API server should not
// blind a trace.
func (s *Source) do(ctx context.Context, plane facts.Plane, build func(*rest.RESTClient) *rest.Request) ([]byte, error) {
	body, err := once(ctx, build(s.client(plane)))
	if err == nil || !passing(err) || !pauseFor(ctx, wait.Jitter(retryPause, 1)) {
		return body, err
	}
	again, failed := once(ctx, build(s.client(plane)))
	if failed != nil && ctx.Err() != nil {
		return body, err // that the time ran out meanwhile says less than what the API server said
	}
	return again, failed
}

func once(ctx context.Context, r *rest.Request) ([]byte, error) {
	result := r.MaxRetries(2).Do(ctx)
	body, _ := result.Raw()
	return body, result.Error() // unlike Raw's, it has read the Status in the body
}

// httpStatus is the code of an API error, 0 for any other.
func httpStatus(err error) int {
	if status, ok := apiStatus(err); ok {
		return int(status.Code)
	}
	return 0
}

// passing reports whether the same request may succeed a moment later. A timeout is not: the next would be as long.
func passing(err error) bool {
	switch httpStatus(err) {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable:
		return true
	case 0:
		return !isTimeout(err)
	}
	return false
}
