// Package lab runs the real stack on one machine without containers: etcd, the Kubernetes control plane, kwok for nodes and
// pods, Git over HTTP, source-controller and kustomize-controller of Flux, and of OpenChoreo the controller manager with its webhooks,
// cluster-gateway with mTLS and cluster-agent. Everything listens on loopback and stores its state in one folder.
package lab
