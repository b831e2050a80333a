// Package ci writes what CI systems, code reviews and security dashboards read: JUnit, SARIF, Markdown and the workflow commands of GitHub.
package ci
