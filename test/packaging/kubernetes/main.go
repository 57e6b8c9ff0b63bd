// Reads manifests from standard input and refuses what Kubernetes' own types do not have: unknown fields, wrong types, fields
// given twice. `npm run check:deploy` runs it.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme.Scheme, scheme.Scheme, json.SerializerOptions{Yaml: true, Strict: true})
	documents := yaml.NewYAMLReader(bufio.NewReader(os.Stdin))
	problems, checked := 0, 0
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fail(err)
		}
		_, kind, err := strict.Decode(document, nil, nil)
		switch {
		case err == nil:
			checked++
		case runtime.IsMissingKind(err):
			// A document of comments only.
		case runtime.IsNotRegisteredError(err):
			fmt.Printf("not checked, not a type of Kubernetes itself: %s\n", kind)
		default:
			problems++
			fmt.Printf("%s: %v\n", kind, err)
		}
	}
	fmt.Printf("%d manifests are as Kubernetes' types say, %d are not\n", checked, problems)
	if problems > 0 || checked == 0 {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
