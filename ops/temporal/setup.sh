#!/bin/sh
# Brings Temporal's namespace to what Nervio needs: closed workflows are kept for 30 days, our search attributes are known.
set -eu
temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention 720h
known=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE")
for name in NervioTenant NervioSite NervioKind NervioOperation; do
  case "$known" in
    *"$name"*) echo "$name is known" ;;
    *) temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$name" --type Keyword ;;
  esac
done
