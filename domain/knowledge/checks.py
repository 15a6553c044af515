"""What every article and code must keep to; a new rule is a line in one of the functions here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from domain.catalog.categories import KINDS
from domain.knowledge.article import ARTICLE_BYTES, Article
from domain.knowledge.error_codes import CodeMeaning, plain_code
from domain.knowledge.symptoms import BURNS_GAS, SAFETY, TITLES

CATEGORIES = frozenset(kind.code for kind in KINDS)
SEVERAL = "several"
"""The folder of articles for several kinds of appliance."""

STEP_LENGTH, FEWEST, MOST = 120, 2, 8
TITLE_LENGTH = 24

FORBIDDEN = re.compile(
    r"拆|螺丝|撬|机壳|后盖|盖板|万用表|试电笔|接线|电线|零线|火线|地线|电路板|主板|电容|保险丝|短接|加氟|制冷剂|冷媒"
    r"|燃气管|煤气管|气管|减压阀|电磁阀|总阀|打火机|明火|火柴|磁控管|高压"
)
"""Never advised: opening the machine, its wiring, gas lines, refrigerant, flames. Forbidding them is allowed."""
FORBIDS = re.compile(r"不要|请勿|切勿|不可|不能|不得|别")
CLAUSE = re.compile(r"[，。；！？,;]")
GAS_STOP = re.compile(r"(?:燃气|煤气)味")
SHOCK_STOP = re.compile(r"糊味|冒烟|麻手|漏电|烧焦|火花")


def faults_of(one: Article, pictures: Collection[str]) -> Iterator[str]:
    """What is wrong with one article; ``pictures`` are those of its pictures that are there."""
    folder = one.id.partition("/")[0]
    if not one.categories or (folder != SEVERAL and folder not in one.categories):
        yield f"文件夹 {folder} 应在 categories 里"
    if unknown := [label for label in one.categories if label not in CATEGORIES]:
        yield f"没有这个品类：{'、'.join(unknown)}"
    if unknown := [label for label in one.symptoms if label not in TITLES]:
        yield f"没有这个症状：{'、'.join(unknown)}"
    if not SAFETY.isdisjoint(one.symptoms):
        yield "危险情况不能写自助步骤"
    if "other" in one.symptoms and not one.said:
        yield "症状 other 要在 said 里写明客户会怎么说"
    if not 0 < len(one.title) <= TITLE_LENGTH:
        yield f"标题应为 1–{TITLE_LENGTH} 个字"
    if not 0 < one.minutes <= 60:
        yield "minutes 应为 1–60"
    if type(one.checked) is not date or not one.source:
        yield "要写明来源 source 和核对日期 checked"
    yield from _faults_of_steps(one, pictures)
    yield from _faults_of_stop(one)


def _faults_of_steps(one: Article, pictures: Collection[str]) -> Iterator[str]:
    if not FEWEST <= len(one.steps) <= MOST:
        yield f"应有 {FEWEST}–{MOST} 步，现在 {len(one.steps)} 步"
    for number, step in enumerate(one.steps, 1):
        if not 0 < len(step.words) <= STEP_LENGTH:
            yield f"第 {number} 步应为 1–{STEP_LENGTH} 个字"
        if "\n" in step.words or re.match(r"\d+[.、]", step.words):
            yield f"第 {number} 步只写一行，不用写序号"
        for word in forbidden_in(step.words):
            yield f"第 {number} 步不能让客户碰“{word}”"
        if step.picture and step.picture not in pictures:
            yield f"第 {number} 步的图片 {step.picture} 不在 pictures 里"


def forbidden_in(words: str) -> list[str]:
    """What is advised that never may be: named in a clause that does not forbid it."""
    clauses = [clause for clause in CLAUSE.split(words) if not FORBIDS.search(clause)]
    return [match.group() for clause in clauses for match in FORBIDDEN.finditer(clause)]


def _faults_of_stop(one: Article) -> Iterator[str]:
    if not one.stop:
        yield "要写明什么时候停下来联系我们（stop）"
        return
    if not BURNS_GAS.isdisjoint(one.categories) and not GAS_STOP.search(one.stop):
        yield "燃气产品的 stop 要写闻到燃气味怎么办"
    if BURNS_GAS.isdisjoint(one.categories) and not SHOCK_STOP.search(one.stop):
        yield "电器的 stop 要写糊味、冒烟、麻手等危险信号"
    if one.steps and (length := len(one.words().encode())) > ARTICLE_BYTES:
        yield f"全文 {length} 字节，最多 {ARTICLE_BYTES} 字节，请写短些"


def faults_of_library(articles: Sequence[Article], codes: Sequence[CodeMeaning]) -> Iterator[str]:
    """What is wrong between the files."""
    by_id = {one.id: one for one in articles}
    for title, number in Counter(one.title for one in articles).items():
        if number > 1:
            yield f"{number} 篇文章同名：{title}"
    for row in codes:
        if row.category not in CATEGORIES:
            yield f"{row.name}：没有这个品类"
        if row.code != plain_code(row.code) or not row.code:
            yield f"{row.name}：代码只写大写字母和数字"
        if not row.means or type(row.self_help) is not bool or type(row.checked) is not date:
            yield f"{row.name}：要写含义 means、self_help = true 或 false、checked 日期"
        if row.article and not row.self_help:
            yield f"{row.name}：不让客户自己处理，就不能指向文章"
        if row.article and (row.article not in by_id or row.category not in by_id[row.article].categories):
            yield f"{row.name}：没有这个品类的文章 {row.article}"
