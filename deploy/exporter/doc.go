// Package exporter holds the manifests, the alerts and the dashboard of the exporter. It has no code, only tests of them.
package exporter
