package kinds

import "strings"

// GateController is who sets the condition of a readiness gate, in a sentence (aws-load-balancer-controller v2 pkg/k8s/pod_readiness.go;
// ingress-gce pkg/neg/types/shared; kruise apis/apps/pub).
func GateController(condition string) string {
	group, _, _ := strings.Cut(condition, "/")
	switch {
	case group == "target-health.elbv2.k8s.aws", group == "target-health.alb.ingress.k8s.aws":
		return "the AWS Load Balancer Controller"
	case condition == "cloud.google.com/load-balancer-neg-ready":
		return "the NEG controller of GKE"
	case condition == "InPlaceUpdateReady", condition == "KruisePodReady":
		return "OpenKruise"
	}
	return "the controller for condition " + condition
}
