// Package client reads and changes the objects of the lab's planes.
package client

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	apiruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	watchtools "k8s.io/client-go/tools/watch"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
)

// Client reads and changes objects of all planes.
type Client struct {
	kubeconfig func(plane string) string
	kubectl    func() string

	mu     sync.Mutex // guards planes
	planes map[string]*connection
}

// New returns a client. kubeconfig returns the file for a plane, and kubectl the path of kubectl; both are called at first use.
func New(kubeconfig func(plane string) string, kubectl func() string) *Client {
	return &Client{kubeconfig: kubeconfig, kubectl: kubectl, planes: map[string]*connection{}}
}

// connection is the connection to one plane.
type connection struct {
	dynamic dynamic.Interface
	mapper  *restmapper.DeferredDiscoveryRESTMapper
	raw     discovery.DiscoveryInterface
}

func (c *Client) connect(plane string) (*connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.planes[plane]; known != nil {
		return known, nil
	}
	config, err := clientcmd.BuildConfigFromFlags("", c.kubeconfig(plane))
	if err != nil {
		return nil, fmt.Errorf("read the kubeconfig of plane %q: %w", plane, err)
	}
	config.QPS = -1
	dyn, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("create a client: %w", err)
	}
	raw, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("create a client: %w", err)
	}
	c.planes[plane] = &connection{dynamic: dyn, raw: raw, mapper: restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(raw))}
	return c.planes[plane], nil
}

// APIReady is a readiness check of the API server of a plane.
func (c *Client) APIReady(plane string) func(context.Context) error {
	return func(ctx context.Context) error {
		known, err := c.connect(plane)
		if err != nil {
			return err
		}
		_, err = known.raw.RESTClient().Get().AbsPath("/readyz").DoRaw(ctx)
		return err
	}
}

// Object names one object of a plane.
type Object struct {
	Plane           string
	Kind            schema.GroupKind
	Namespace, Name string
}

func (o Object) String() string {
	return strings.TrimPrefix(o.Namespace+"/", "/") + o.Name + " (" + o.Kind.Kind + ")"
}

func (c *Client) resource(o Object) (dynamic.ResourceInterface, error) {
	known, err := c.connect(o.Plane)
	if err != nil {
		return nil, err
	}
	mapping, err := known.mapper.RESTMapping(o.Kind)
	if err != nil {
		known.mapper.Reset()
		if mapping, err = known.mapper.RESTMapping(o.Kind); err != nil {
			return nil, fmt.Errorf("find kind %s: %w", o.Kind, err)
		}
	}
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return known.dynamic.Resource(mapping.Resource).Namespace(o.Namespace), nil
	}
	return known.dynamic.Resource(mapping.Resource), nil
}

// Get reads an object.
func (c *Client) Get(ctx context.Context, o Object) (*unstructured.Unstructured, error) {
	r, err := c.resource(o)
	if err != nil {
		return nil, err
	}
	return r.Get(ctx, o.Name, metav1.GetOptions{})
}

// Patch applies a JSON merge patch to an object.
func (c *Client) Patch(ctx context.Context, o Object, patch string) error {
	r, err := c.resource(o)
	if err != nil {
		return err
	}
	_, err = r.Patch(ctx, o.Name, types.MergePatchType, []byte(patch), metav1.PatchOptions{FieldManager: "lab"})
	return err
}

// PatchStatus applies a JSON merge patch to the status subresource of an object, like a controller.
func (c *Client) PatchStatus(ctx context.Context, o Object, patch string) error {
	r, err := c.resource(o)
	if err != nil {
		return err
	}
	_, err = r.Patch(ctx, o.Name, types.MergePatchType, []byte(patch), metav1.PatchOptions{FieldManager: "lab"}, "status")
	return err
}

// Create creates an object of the control plane.
func (c *Client) Create(ctx context.Context, object *unstructured.Unstructured) error {
	r, err := c.resource(Object{Kind: object.GroupVersionKind().GroupKind(), Namespace: object.GetNamespace()})
	if err != nil {
		return err
	}
	_, err = r.Create(ctx, object, metav1.CreateOptions{FieldManager: "lab"})
	return err
}

// Delete deletes an object.
func (c *Client) Delete(ctx context.Context, o Object) error {
	r, err := c.resource(o)
	if err != nil {
		return err
	}
	return r.Delete(ctx, o.Name, metav1.DeleteOptions{})
}

// WaitFor watches an object until check returns nil. check gets nil if the object does not exist. If ctx ends first, WaitFor returns
// the last error of check.
func (c *Client) WaitFor(ctx context.Context, o Object, check func(*unstructured.Unstructured) error) error {
	r, err := c.resource(o)
	if err != nil {
		return err
	}
	byName := func(options *metav1.ListOptions) {
		options.FieldSelector = fields.OneTermEqualSelector("metadata.name", o.Name).String()
	}
	lw := &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (apiruntime.Object, error) {
			byName(&options)
			return r.List(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			byName(&options)
			return r.Watch(ctx, options)
		},
	}
	last := fmt.Errorf("object not found")
	_, err = watchtools.UntilWithSync(ctx, lw, &unstructured.Unstructured{},
		func(store cache.Store) (bool, error) {
			if len(store.List()) == 0 {
				last = check(nil)
			}
			return last == nil, nil
		},
		func(event watch.Event) (bool, error) {
			object, _ := event.Object.(*unstructured.Unstructured)
			if event.Type == watch.Deleted {
				object = nil
			}
			last = check(object)
			return last == nil, nil
		})
	if last != nil {
		return fmt.Errorf("wait for %s: %w", o, last)
	}
	return err
}

// Apply applies manifests to a plane by server-side apply, with kubectl.
func (c *Client) Apply(ctx context.Context, plane, manifests string) error {
	_, err := c.Kubectl(ctx, plane, manifests, "apply", "--server-side", "--force-conflicts", "--filename=-")
	return err
}

// Kubectl runs kubectl against a plane.
func (c *Client) Kubectl(ctx context.Context, plane, stdin string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, c.kubectl(), args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+c.kubeconfig(plane))
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, process.LastLines(string(out), 10))
	}
	return string(out), nil
}
