package drift_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
)

// object is one of a kind with this spec, in JSON.
func object(t *testing.T, apiVersion, kind, spec string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON([]byte(`{"apiVersion":"` + apiVersion + `","kind":"` + kind + `","spec":` + spec + `}`)); err != nil {
		t.Fatal(err)
	}
	return u
}

// podSpec is a Deployment's spec around that of its pods.
func podSpec(spec string) string { return `{"template":{"spec":` + spec + `}}` }

type specDriftCase struct {
	declared, live string
	want           []string
}

const podTemplate = "spec.template.spec."

var specDriftCases = map[string]specDriftCase{
	"Same":               {`{"replicas":1}`, `{"replicas":1}`, nil},
	"Changed":            {`{"replicas":1}`, `{"replicas":2}`, []string{"spec.replicas"}},
	"Removed":            {`{"progressDeadlineSeconds":60}`, `{}`, []string{"spec.progressDeadlineSeconds"}},
	"Added":              {`{}`, `{"paused":true}`, nil},
	"FalseThatIsDropped": {`{"paused":false}`, `{}`, nil},
	"FalseMadeTrue":      {podSpec(`{"hostNetwork":false}`), podSpec(`{"hostNetwork":true}`), []string{podTemplate + "hostNetwork"}},
	"FalseThatIsKept":    {podSpec(`{"automountServiceAccountToken":false}`), podSpec(`{"automountServiceAccountToken":false}`), nil},
	"KeptFalseRemoved":   {podSpec(`{"automountServiceAccountToken":false}`), podSpec(`{}`), []string{podTemplate + "automountServiceAccountToken"}},
	"ZeroThatMeansADefault": {
		podSpec(`{"containers":[{"name":"main","livenessProbe":{"periodSeconds":0}}]}`),
		podSpec(`{"containers":[{"name":"main","livenessProbe":{"periodSeconds":10}}]}`), nil,
	},
	"FalseMadeTrueInAListEntry": {
		podSpec(`{"containers":[{"name":"main","volumeMounts":[{"name":"b","mountPath":"/b","readOnly":false}]}]}`),
		podSpec(`{"containers":[{"name":"main","volumeMounts":[{"name":"b","mountPath":"/b","readOnly":true}]}]}`),
		[]string{podTemplate + "containers[main].volumeMounts[/b].readOnly"},
	},
	"ZeroThatIsDropped":   {`{"minReadySeconds":0}`, `{}`, nil},
	"ZeroThatIsKept":      {`{"replicas":0}`, `{"replicas":1}`, []string{"spec.replicas"}},
	"EmptyTextAndList":    {podSpec(`{"nodeName":"","volumes":[],"nodeSelector":{}}`), podSpec(`{}`), nil},
	"EmptyListThatIsFull": {podSpec(`{"volumes":[]}`), podSpec(`{"volumes":[{"name":"injected","emptyDir":{}}]}`), nil},
	"UnknownField":        {`{"replica":3}`, `{}`, nil},
	"ProtocolFilledIn": {
		podSpec(`{"containers":[{"name":"main","ports":[{"containerPort":80}]}]}`),
		podSpec(`{"containers":[{"name":"main","ports":[{"containerPort":80,"protocol":"TCP"}]}]}`), nil,
	},
	"PortsInAnotherOrder": {
		podSpec(`{"containers":[{"name":"main","ports":[{"containerPort":80},{"containerPort":53,"protocol":"UDP"}]}]}`),
		podSpec(`{"containers":[{"name":"main","ports":[{"containerPort":53,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP"},{"containerPort":80,"protocol":"TCP"}]}]}`), nil,
	},
	"PortOfAnotherProtocol": {
		podSpec(`{"containers":[{"name":"main","ports":[{"containerPort":53,"protocol":"UDP"}]}]}`),
		podSpec(`{"containers":[{"name":"main","ports":[{"containerPort":53,"protocol":"TCP"}]}]}`),
		[]string{podTemplate + "containers[main].ports[53/UDP]"},
	},
	"ContainerInjectedBefore": {
		podSpec(`{"containers":[{"name":"main","image":"app:1"}]}`),
		podSpec(`{"containers":[{"name":"istio-proxy","image":"proxy:9"},{"name":"main","image":"app:1"}]}`), nil,
	},
	"ContainerRemoved": {
		podSpec(`{"containers":[{"name":"main"},{"name":"agent"}]}`), podSpec(`{"containers":[{"name":"main"},{"name":"other"}]}`),
		[]string{podTemplate + "containers[agent]"},
	},
	"EnvInjectedBefore": {
		podSpec(`{"containers":[{"name":"main","env":[{"name":"A","value":"1"}]}]}`),
		podSpec(`{"containers":[{"name":"main","env":[{"name":"OTEL","value":"x"},{"name":"A","value":"1"}]}]}`), nil,
	},
	"EnvChanged": {
		podSpec(`{"containers":[{"name":"main","env":[{"name":"A","value":"1"}]}]}`),
		podSpec(`{"containers":[{"name":"main","env":[{"name":"A","value":"1.0"}]}]}`),
		[]string{podTemplate + "containers[main].env[A].value"},
	},
	"EnvTwice": {
		podSpec(`{"containers":[{"name":"main","env":[{"name":"A","value":"1"},{"name":"A","value":"2"}]}]}`),
		podSpec(`{"containers":[{"name":"main","env":[{"name":"A","value":"1"},{"name":"A","value":"2"}]}]}`), nil,
	},
	"VolumeAndMountInjected": {
		podSpec(`{"volumes":[{"name":"b","configMap":{"name":"b"}}],"containers":[{"name":"main","volumeMounts":[{"name":"b","mountPath":"/b","readOnly":false}]}]}`),
		podSpec(`{"volumes":[{"name":"a","emptyDir":{}},{"name":"b","configMap":{"name":"b","defaultMode":420}}],"containers":[{"name":"main","volumeMounts":[{"name":"a","mountPath":"/a"},{"name":"b","mountPath":"/b"}]}]}`), nil,
	},
	"MountOfAnotherVolume": {
		podSpec(`{"containers":[{"name":"main","volumeMounts":[{"name":"b","mountPath":"/b"}]}]}`),
		podSpec(`{"containers":[{"name":"main","volumeMounts":[{"name":"a","mountPath":"/b"}]}]}`),
		[]string{podTemplate + "containers[main].volumeMounts[/b].name"},
	},
	"DefaultsFilledIn": {
		podSpec(`{"hostNetwork":false,"containers":[{"name":"main","args":["a"],"ports":[]}]}`),
		podSpec(`{"hostNetwork":false,"dnsPolicy":"ClusterFirst","containers":[{"name":"main","args":["a"],"ports":[],"imagePullPolicy":"Always"}]}`), nil,
	},
	"ArgumentAdded": {
		podSpec(`{"containers":[{"name":"main","args":["a"]}]}`), podSpec(`{"containers":[{"name":"main","args":["a","b"]}]}`),
		[]string{podTemplate + "containers[main].args"},
	},
	"EnvFromInjectedBefore": {
		podSpec(`{"containers":[{"name":"main","envFrom":[{"configMapRef":{"name":"a"}}]}]}`),
		podSpec(`{"containers":[{"name":"main","envFrom":[{"configMapRef":{"name":"x"}},{"configMapRef":{"name":"a"}}]}]}`), nil,
	},
	"EnvFromReordered": {
		podSpec(`{"containers":[{"name":"main","envFrom":[{"configMapRef":{"name":"a"}},{"configMapRef":{"name":"b"}}]}]}`),
		podSpec(`{"containers":[{"name":"main","envFrom":[{"configMapRef":{"name":"b"}},{"configMapRef":{"name":"a"}}]}]}`),
		[]string{podTemplate + "containers[main].envFrom"},
	},
	"TolerationAdded": {
		podSpec(`{"tolerations":[{"key":"a","operator":"Exists"}]}`),
		podSpec(`{"tolerations":[{"key":"x","operator":"Exists"},{"key":"a","operator":"Exists"}]}`), nil,
	},
	"Quantities": {
		podSpec(`{"containers":[{"name":"main","resources":{"limits":{"cpu":"1000m","memory":"1024Mi"},"requests":{"cpu":1}}}]}`),
		podSpec(`{"containers":[{"name":"main","resources":{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"1"}}}]}`), nil,
	},
	"QuantityChanged": {
		podSpec(`{"containers":[{"name":"main","resources":{"limits":{"cpu":"1000m"}}}]}`),
		podSpec(`{"containers":[{"name":"main","resources":{"limits":{"cpu":"2"}}}]}`),
		[]string{podTemplate + "containers[main].resources.limits.cpu"},
	},
	"DigestBesideTheTag": {
		podSpec(`{"containers":[{"name":"main","image":"` + assesstest.AppImage + `"}]}`),
		podSpec(`{"containers":[{"name":"main","image":"` + assesstest.AppImage + assesstest.DigestOne + `"}]}`), nil,
	},
	"AnotherTag": {
		podSpec(`{"containers":[{"name":"main","image":"` + assesstest.AppImage + `"}]}`),
		podSpec(`{"containers":[{"name":"main","image":"` + assesstest.OldImage + `"}]}`),
		[]string{podTemplate + "containers[main].image"},
	},
}

func TestSpecDrift(t *testing.T) {
	t.Parallel()
	for name, c := range specDriftCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			declared, live := object(t, "apps/v1", "Deployment", c.declared), object(t, "apps/v1", "Deployment", c.live)
			if diff := cmp.Diff(c.want, drift.Paths(drift.Spec(declared, live))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			_, whole := drift.Object(declared, live) // it compares them as stored, in any case
			if diff := cmp.Diff(c.want, drift.Paths(whole)); diff != "" {
				t.Errorf("as stored (-want +got)\n%s", diff)
			}
		})
	}
}

// TestSpecDriftOfOtherKinds: what their operators leave out or write in another form is not known.
func TestSpecDriftOfOtherKinds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		declared, live string
		want           []string
	}{
		"FalseLeftOut": {`{"a":{"b":false}}`, `{"a":{}}`, nil},
		"FalseIsTrue":  {`{"b":false}`, `{"b":true}`, []string{"spec.b"}},
		"TrueLeftOut":  {`{"b":true}`, `{}`, []string{"spec.b"}},
		"ZeroLeftOut":  {`{"b":0}`, `{}`, nil},
		"EmptyText":    {`{"b":""}`, `{"b":"filled in"}`, nil},
		"Duration":     {`{"b":"60s"}`, `{"b":"1m0s"}`, nil},
		"Quantity":     {`{"b":"1000m"}`, `{"b":1}`, nil},
		"ListByName":   {`{"l":[{"name":"a","v":1}]}`, `{"l":[{"name":"x"},{"name":"a","v":1}]}`, nil},
		"MapForText":   {`{"b":{"c":1}}`, `{"b":"text"}`, []string{"spec.b.c"}},
		"ListForText":  {`{"b":["c"]}`, `{"b":"text"}`, []string{"spec.b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := drift.Paths(drift.Spec(object(t, "example.com/v1", "Widget", c.declared), object(t, "example.com/v1", "Widget", c.live)))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
