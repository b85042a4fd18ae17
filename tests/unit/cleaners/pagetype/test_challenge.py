"""Bot challenges, and pages that have their words, scripts or captchas and are none."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from cleaners import Article, Page, Rejection, clean
from cleaners.pagetype.challenge import MAX_BYTES, find_challenge

FOLDER = Path(__file__).resolve().parents[4] / "fixtures" / "challenges"
RESPONSES: dict[str, dict[str, Any]] = json.loads((FOLDER / "responses.json").read_text("utf-8"))


def body(name: str) -> bytes:
    return (FOLDER / f"{name}.html").read_bytes()


@pytest.mark.parametrize("name", RESPONSES)
def test_a_challenge_is_recognised_by_vendor_and_nothing_else_is(name: str) -> None:
    response = RESPONSES[name]
    found = find_challenge(body(name), status=response["status"], headers=response["headers"])
    assert (found and found.vendor) == response["vendor"]


WITHOUT_STATUS = [
    name
    for name, response in RESPONSES.items()
    if response["vendor"] and not name.startswith(("aws-waf", "vercel", "cloudflare-header", "words"))
]


@pytest.mark.parametrize("name", WITHOUT_STATUS)
def test_cleaning_knows_it_without_status_and_headers(name: str) -> None:
    found = clean(Page(url="http://harbour.example/news/a", body=body(name), content_type="text/html; charset=utf-8"))
    assert isinstance(found, Rejection)
    assert (found.stage, found.reason) in {("page_type", "walled"), ("body", "empty_body")}


@pytest.mark.parametrize("name", [name for name, response in RESPONSES.items() if response.get("is_article")])
def test_an_article_stays_one(name: str) -> None:
    found = clean(Page(url="http://harbour.example/news/a", body=body(name), content_type="text/html; charset=utf-8"))
    assert isinstance(found, Article), found


@pytest.mark.parametrize("status", [200, 202, 403, 429, 503])
@pytest.mark.parametrize("name", ["cloudflare", "akamai", "datadome", "human", "imperva", "aws-waf-captcha"])
def test_a_vendors_challenge_is_known_with_any_status(name: str, status: int) -> None:
    found = find_challenge(body(name), status=status)
    assert found is not None
    assert found.vendor == RESPONSES[name]["vendor"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff" * 100,
        b"px-captcha",
        b"<" * 100_000,
        b"<script" * 30_000 + b"_cf_chl_opt",
        b"<p>" * 5_000 + b"<div id=px-captcha>",
        b"<html>" + b"px-captcha " * 20_000,
        b"<html><div id=px-captcha>" + b"x" * MAX_BYTES,
        b"<h1>" * 200 + b"<script>" + b"just a momen " * 7_000,
        b"<h1><div>" * 100 + b"<script>" + b"just a momen " * 7_000,
        b"<html><p " + b"a=1 " * 20_000 + b">",
        b"<!DOCTYPE html>",
        b"<?xml version='1.0'?>",
        b"</a>",
        "<title>Подтвердите, что запросы отправляли вы</title>".encode("windows-1251"),
    ],
)
def test_any_bytes_are_looked_at_without_fault_and_soon(data: bytes) -> None:
    started = time.process_time()
    find_challenge(data, status=403)
    assert time.process_time() - started < 2  # a test of growth: before, 19 s


def test_the_charset_of_the_header_is_used() -> None:
    body = "<title>Подтвердите, что запросы отправляли вы</title>".encode("windows-1251")
    headers = {"content-type": "text/html; charset=windows-1251"}
    assert find_challenge(body, status=429, headers=headers) is not None
