package kube

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apiruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/timeout"
	"github.com/kubectl-choreo/kubectl-choreo/internal/version"
)

// cluster has the clients of one API server, which share the known clock skew.
type cluster struct {
	config *rest.Config // of connections other than requests
	client *rest.RESTClient
	stream dynamic.Interface // for watches
	logs   *rest.RESTClient  // for logs, which last as long as they are followed
	clock  *clock
}

func newCluster(config *rest.Config) (*cluster, error) {
	config = rest.CopyConfig(config)
	config.UserAgent = cmp.Or(config.UserAgent, UserAgent())
	c := &cluster{config: config, clock: &clock{}}
	observed := c.clock.observe(config)
	var err error
	if c.client, err = newClient(timeout.Within(observed, timeout.Whole)); err != nil {
		return nil, err
	}
	if c.logs, err = newClient(timeout.Within(observed, timeout.Headers)); err == nil {
		c.stream, err = newStream(observed)
	}
	return c, err
}

// UserAgent is the program in the audit log of an API server.
func UserAgent() string {
	b := version.Current()
	return fmt.Sprintf("kubectl-choreo/%s (%s)", b.Version, b.Platform)
}

// newClient returns a client without a rate limit. Waiting in the client only adds latency. Since Kubernetes 1.29, API Priority
// and Fairness protects the API server.
func newClient(config *rest.Config) (*rest.RESTClient, error) {
	c := rest.CopyConfig(config)
	c.QPS = -1
	c.WarningHandlerWithContext = rest.NoWarnings{}
	c.NegotiatedSerializer = plainJSON()
	c.GroupVersion = &schema.GroupVersion{}
	c.APIPath = "/"
	c.ContentType, c.AcceptContentTypes = apiruntime.ContentTypeJSON, apiruntime.ContentTypeJSON
	return rest.UnversionedRESTClientFor(c)
}

// plainJSON decodes only the type Status, in which the API server reports errors.
func plainJSON() apiruntime.NegotiatedSerializer {
	scheme := apiruntime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	return serializer.NewCodecFactory(scheme).WithoutConversion()
}

// accept makes the request accept plain JSON, whatever the client's default.
func accept(r *rest.Request, media string) *rest.Request { return r.SetHeader("Accept", media) }

// retryPause is the minimum delay that helps while an API server restarts.
const retryPause = 200 * time.Millisecond

// do makes a request and retries it once after a transient error.
func (c *cluster) do(ctx context.Context, build func(*rest.RESTClient) *rest.Request) ([]byte, error) {
	return withRetry(ctx, func() ([]byte, error) { return send(ctx, build(c.client)) })
}

// withRetry returns the result of request. After a transport error or a 5xx it retries once, a moment later: a restarting API server
// should not hide the whole trace.
func withRetry[T any](ctx context.Context, request func() (T, error)) (T, error) {
	first, err := request()
	if err == nil || !isTransient(err) || !pauseFor(ctx, wait.Jitter(retryPause, 1)) {
		return first, err
	}
	second, failed := request()
	if failed != nil && ctx.Err() != nil {
		return first, err // the API server's error is more useful than the error of an ended context
	}
	return second, failed
}

func send(ctx context.Context, r *rest.Request) ([]byte, error) {
	result := r.MaxRetries(2).Do(ctx)
	body, _ := result.Raw()
	return body, result.Error() // unlike the error of Raw, it contains the Status in the body
}

// httpStatus returns the code of an API error, and 0 for any other error.
func httpStatus(err error) int {
	if status, ok := apiStatus(err); ok {
		return int(status.Code)
	}
	return 0
}

// isTransient reports whether the error is transient. A timeout is not: the next attempt would take as long.
func isTransient(err error) bool {
	switch httpStatus(err) {
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable:
		return true
	case 0:
		return !isTimeout(err)
	}
	return false
}
