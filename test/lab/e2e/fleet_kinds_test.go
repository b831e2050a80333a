package e2e

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

func deploymentKind() schema.GroupKind { return schema.GroupKind{Group: "apps", Kind: "Deployment"} }

// foreignKind is a kind whose operator does not run in the lab. Its CRD has no schema, and the test writes the statuses.
type foreignKind struct {
	group, version, kind, plural string
	spec                         string // of the object that the type renders
	healthyStatus, failedStatus  string // statuses; failedStatus is "" if test/lab/operators has it from the real controller
}

const now = `"lastTransitionTime":"2026-01-01T00:00:00Z"`

// foreignKinds returns the statuses of external-secrets v1.3, sealed-secrets v0.27, cert-manager v1.18, argo-rollouts v1.8, flagger v1.41,
// keda v2.20 (whose conditions have no time), keda's http-add-on v0.10 and kubevela v1.10.
func foreignKinds() map[string]foreignKind {
	ready := `{"conditions":[{"type":"Ready","status":"True","reason":"Ready",` + now + `}]}`
	notReady := func(reason, message string) string {
		return fmt.Sprintf(`{"conditions":[{"type":"Ready","status":"False","reason":%q,"message":%q,%s}]}`, reason, message, now)
	}
	return map[string]foreignKind{
		"externalsecret": {
			"external-secrets.io", "v1", "ExternalSecret", "externalsecrets", "{secretStoreRef: {kind: SecretStore, name: elsewhere}}",
			`{"binding":{"name":"x"},"syncedResourceVersion":"1-x","conditions":[{"type":"Ready","status":"True","reason":"SecretSynced","message":"secret synced",` + now + `}]}`, "",
		},
		"sealedsecret": {"bitnami.com", "v1alpha1", "SealedSecret", "sealedsecrets", "{}", `{"observedGeneration":1,"conditions":[{"type":"Synced","status":"True",` + now + `}]}`, ""},
		"certificate": {
			"cert-manager.io", "v1", "Certificate", "certificates", "{}",
			`{"revision":1,"notBefore":"2026-01-01T00:00:00Z","notAfter":"2126-01-01T00:00:00Z","renewalTime":"2125-01-01T00:00:00Z","conditions":[{"type":"Ready","status":"True","reason":"Ready","message":"Certificate is up to date and has not expired","observedGeneration":1,` + now + `}]}`,
			"",
		},
		"rollout": {
			"argoproj.io", "v1alpha1", "Rollout", "rollouts", "{}", `{"phase":"Healthy","observedGeneration":"1","stableRS":"6d5f","currentPodHash":"6d5f"}`,
			`{"phase":"Degraded","observedGeneration":"1","stableRS":"6d5f","currentPodHash":"7c9b","message":"ProgressDeadlineExceeded: has timed out progressing"}`,
		},
		"canary": {
			"flagger.app", "v1beta1", "Canary", "canaries", "{}", `{"phase":"Succeeded","canaryWeight":0,"failedChecks":0,"iterations":0,` + now + `}`,
			"",
		},
		"scaledobject": {
			"keda.sh", "v1alpha1", "ScaledObject", "scaledobjects", "{}",
			`{"conditions":[{"type":"Ready","status":"True","reason":"ScaledObjectReady","message":"ScaledObject is defined correctly and is ready for scaling"},{"type":"Active","status":"False","reason":"ScalerNotActive","message":"Scaling is not performed because triggers are not active"},` +
				`{"type":"Fallback","status":"False","reason":"NoFallbackFound","message":"No fallbacks are active on this scaled object"},{"type":"Paused","status":"False"}]}`, "",
		},
		"httpscaledobject": {"http.keda.sh", "v1alpha1", "HTTPScaledObject", "httpscaledobjects", "{}", `{"conditions":[{"type":"Ready","status":"True","reason":"HTTPScaledObjectIsReady","timestamp":"2026-01-01T00:00:00Z"}]}`, `{"conditions":[{"type":"Ready","status":"False","reason":"Error","message":"the target Deployment does not exist","timestamp":"2026-01-01T00:00:00Z"}]}`},
		"velaapplication":  {"core.oam.dev", "v1beta1", "Application", "applications", "{}", `{"status":"running"}`, `{"status":"unhealthy","services":[{"name":"web","healthy":false,"message":"Ready:0/1"}]}`},
		"widget":           {"example.com", "v1", "Widget", "widgets", "{}", ready, notReady("Failed", "the widget is bent")},
	}
}

// foreignDefinitions returns the CRDs of foreignKinds and relatedKinds. As in the original CRDs, the status is a subresource: otherwise
// writing it would increase the generation.
func foreignDefinitions() string {
	var all []foreignKind
	for _, f := range foreignKinds() {
		all = append(all, f)
	}
	return definitions("", relatedKinds()...) + "---\n" + definitions("subresources: {status: {}}", all...)
}

func brokenKinds() []fleetCase {
	const dev = "development"
	failedKind := func(name, kind, code, object, message string) fleetCase {
		return fleetCase{
			scenario: scenario{name: name, fault: "the status of the " + object + " is that of a failure (its operator does not run in the lab)", want: failed("resource", dev, code, object, "*", message)},
			kind:     "deployment/" + kind, then: writeStatus(kind, foreignKinds()[kind].failedStatus),
		}
	}
	route := schema.GroupKind{Group: "gateway.networking.k8s.io", Kind: "HTTPRoute"}
	return []fleetCase{
		failedKind("http-scaled-object-not-ready", "httpscaledobject", "AutoscalerFailing", "HTTPScaledObject", "does not exist"),
		failedKind("vela-application-unhealthy", "velaapplication", "ApplicationNotHealthy", "Application", "service web"),
		failedKind("widget-not-ready", "widget", "ResourceNotReady", "Widget", "the widget is bent"),
		{
			scenario: scenario{name: "kinds-healthy", fault: "none: every kind with health of its own is well", want: want{exit: 0, verdict: "Healthy"}},
			kind:     "deployment/every-kind", then: writeHealthyStatuses,
		},
		{
			scenario: scenario{name: "route-not-accepted", fault: "the gateway refuses the route (no gateway runs in the lab)", want: failed("resource", dev, "RouteNotAccepted", "HTTPRoute", "*", "no matching listener")},
			kind:     "deployment/service", declare: endpoint("external"), then: routeStatus(route, `{"name":"gateway-default","namespace":"openchoreo-data-plane"}`, "NotAllowedByListeners", "no matching listener"),
		},
		{
			scenario: scenario{name: "gateway-not-ready", fault: "the Gateway that the route names is not programmed", want: failed("resource", dev, "GatewayNotReady", "Gateway", "own-gateway", "no address")},
			kind:     "deployment/own-gateway", then: ownGateway(route),
		},
		{
			scenario: scenario{name: "job-failed", fault: "the Job's pods end with an error until it gives up", want: withFinding(failed("pod", dev, "ContainerFailed", "Pod", "*", "ended with exit code 1"), "JobFailed")},
			kind:     "job/one-off", tag: "fails",
		},
		{
			scenario: scenario{name: "cron-job-failing", fault: "the runs of the CronJob fail", timeout: 5 * time.Minute, want: withFinding(failed("pod", dev, "ContainerFailed", "Pod", "*", "ended with exit code 1"), "CronJobFailing")},
			kind:     "cronjob/every-minute", tag: "fails",
		},
		{
			scenario: scenario{name: "volume-claim-pending", fault: "the StorageClass of a claim does not exist", want: failed("resource", dev, "VolumeClaimPending", "PersistentVolumeClaim", "*", `storageclass.storage.k8s.io "ghost" not found`)},
			kind:     "deployment/claim",
		},
		{
			scenario: scenario{name: "autoscaler-without-metrics", fault: "the cluster serves no metrics for the HorizontalPodAutoscaler", timeout: 5 * time.Minute, want: healthyWith("AutoscalerFailing")},
			kind:     "deployment/scaled",
		},
		{
			scenario: scenario{name: "stateful-set-on-delete", fault: "a StatefulSet with the OnDelete strategy gets a new image", want: failed("resource", dev, "RolloutStuck", "StatefulSet", "*", "have the current revision")},
			kind:     "statefulset/on-delete", then: newImage("development"),
		},
	}
}

// writeStatus writes the status of the object that the component's type renders, and triggers OpenChoreo.
func writeStatus(kind, text string) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		f := foreignKinds()[kind]
		object, err := n.renderedObject(ctx, name, "development", schema.GroupKind{Group: f.group, Kind: f.kind})
		if err != nil {
			return err
		}
		if kind == "externalsecret" {
			if err := store(ctx, object.Namespace, "True", "Valid"); err != nil {
				return err
			}
		}
		if err := shared.lab.PatchStatus(ctx, object, `{"status":`+text+`}`); err != nil {
			return err
		}
		return n.triggerRenderedRelease(ctx, name, "development")
	}
}

func writeHealthyStatuses(ctx context.Context, n *tenant, name string) error {
	for kind, f := range foreignKinds() {
		if err := writeStatus(kind, f.healthyStatus)(ctx, n, name); err != nil {
			return err
		}
	}
	return nil
}

// store creates the SecretStore of a cell with a Ready condition.
func store(ctx context.Context, namespace, ready, reason string) error {
	return shared.lab.Apply(ctx, "", fmt.Sprintf(`
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: elsewhere, namespace: %s}
status: {conditions: [{type: Ready, status: %q, reason: %s, message: it cannot log in, lastTransitionTime: "2026-01-01T00:00:00Z"}]}
`, namespace, ready, reason))
}

// routeStatus writes the status of a route for one parentRef, like a gateway controller.
func routeStatus(kind schema.GroupKind, parent, reason, message string) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		route, err := n.renderedObject(ctx, name, "development", kind)
		if err != nil {
			return err
		}
		if err := shared.lab.PatchStatus(ctx, route, fmt.Sprintf(
			`{"status":{"parents":[{"controllerName":"example.com/gateway","parentRef":%s,"conditions":[{"type":"Accepted","status":"False","reason":%q,"message":%q,%s}]}]}}`, parent, reason, message, now)); err != nil {
			return err
		}
		return n.triggerRenderedRelease(ctx, name, "development")
	}
}

func ownGateway(kind schema.GroupKind) func(context.Context, *tenant, string) error {
	return func(ctx context.Context, n *tenant, name string) error {
		route, err := n.renderedObject(ctx, name, "development", kind)
		if err != nil {
			return err
		}
		if err := shared.lab.Apply(ctx, "", fmt.Sprintf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: own-gateway, namespace: %s}
spec: {gatewayClassName: none, listeners: [{name: http, port: 80, protocol: HTTP}]}
`, route.Namespace)); err != nil {
			return err
		}
		gateway := route
		gateway.Kind.Kind, gateway.Name = "Gateway", "own-gateway"
		if err := shared.lab.PatchStatus(ctx, gateway, fmt.Sprintf(
			`{"status":{"conditions":[{"type":"Programmed","status":"False","reason":"AddressNotAssigned","message":"no address could be assigned",%s}]}}`, now)); err != nil {
			return err
		}
		return routeStatus(kind, `{"name":"own-gateway"}`, "Pending", "waits for its gateway")(ctx, n, name)
	}
}
